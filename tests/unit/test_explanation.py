"""A revision made by hand: two regions, one indicator of points, one that nobody collected."""

import json

import pandas as pd
import pyarrow as pa
import pytest
from rich.console import Console

from dagster_project.collection.gate import QUARANTINE_COLUMNS
from dagster_project.collection.manifest import sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.explanation import Revision, check
from dagster_project.explanation.terminal import tree_of
from dagster_project.publication.revisions import Edition, publish, revision_folder

FRAMEWORK, EDITION = "internet_service", "2019"
CHENGDU, SHENZHEN = "510100", "440300"
SAMPLES = "raw/internet_service/2019/samples.csv"
RAW = """region,point,round,value,status,address,depth,time,collector
510100,rl_published,1,1,observed,http://a\x1b[31m,1,2018-12-20T10:00:00,c1
510100,rl_published,2,7,observed,,1,2018-12-20T10:00:00,c1
510100,rl_published,3,,not_collected,,1,2018-12-20T10:00:00,c1
510100,rl_department_count,1,,refused,,1,2018-12-20T10:00:00,c1
440300,rl_published,1,,not_found,,1,2018-12-20T10:00:00,c1
440300,rl_department_count,1,40,observed,,1,2018-12-20T10:00:00,c1
"""
# A rate of 0.5 * found + 0.5 * count / 50, missing parts left out.
SQL = {
    "point_values": """
        with measured as (
            select samples.region_code, samples.point_code,
                max(case when samples.status = 'not_found' then 0 else samples.value::double end)
                    as value
            from "warehouse"."main"."internet_service__samples" as samples
            inner join "warehouse"."main"."editions" as editions
                on samples.edition = editions.edition and editions.collection_to = '2019-01-31'
            group by all
        )
        select '2019' as edition, regions.object_group, regions.region_code, points.point_code,
            measured.value,
            case
                when measured.value is null then 'not_collected'
                when measured.value = 0 then 'not_found' else 'observed'
            end as status
        from "warehouse"."main"."internet_service__regions" as regions
        cross join "warehouse"."main"."internet_service__points" as points
        left join measured using (region_code, point_code)
    """,
    "responsibility_list": """
        with measured as (
            select object_group, region_code,
                max(value) filter (where point_code = 'rl_published') as rl_published,
                max(value) filter (where point_code = 'rl_department_count')
                    as rl_department_count
            from "warehouse"."main"."internet_service__point_values"
            group by all
        ),
        rated as (
            select
                *,
                cast(list_avg([
                    rl_published,
                    rl_department_count / 50
                ]) as double) as score_rate
            from measured
        )
        select object_group, region_code, score_rate from rated
    """,
    "power_list": """
        select distinct object_group, region_code, null::double as score_rate
        from "warehouse"."main"."internet_service__point_values"
    """,
    "total": """
        with rolled_up as (
            select one.object_group, one.region_code, 100 as max_score,
            coalesce(one.score_rate, other.score_rate)
            as score,
            from "warehouse"."main"."internet_service__responsibility_list" as one
            inner join "warehouse"."main"."internet_service__power_list" as other
                using (object_group, region_code)
        )
        select object_group, region_code, score as score_rate from rolled_up
    """,
}
RATES = {CHENGDU: 1.0, SHENZHEN: 0.4}
RANKS = ("rank", "rank_in_parent", "rank_in_class")
NAMES = {CHENGDU: "成都市", SHENZHEN: "深圳市"}


def scores() -> pd.DataFrame:
    rows = []
    for region, rate in RATES.items():
        for code, parent, full in (
            ("total", None, 100.0),
            ("responsibility_list", "total", 25.0),
            ("power_list", "total", 75.0),
        ):
            found = None if code == "power_list" else rate
            rows.append(
                {
                    "object_group": "all",
                    "region_code": region,
                    "region_name": NAMES[region],
                    "indicator_code": code,
                    "parent_code": parent,
                    "score_rate": found,
                    "max_score": full,
                    "score": None if found is None else found * full,
                    **dict.fromkeys(RANKS, None if found is None else 1 + (region != CHENGDU)),
                    "status": "missing" if found is None else "provisional",
                    "collected_share": 0.5,
                }
            )
    return pd.DataFrame(rows).astype(dict.fromkeys(RANKS, "Int64"))


def tables() -> dict[str, pd.DataFrame]:
    ranked = {"object_group": "all", "edition": EDITION, "parent_region": "x", "region_class": "x"}
    points = [
        (CHENGDU, "rl_published", 1.0, "observed"),
        (CHENGDU, "rl_department_count", None, "not_collected"),
        (CHENGDU, "pl_published", None, "not_collected"),
        (SHENZHEN, "rl_published", 0.0, "not_found"),
        (SHENZHEN, "rl_department_count", 40.0, "observed"),
        (SHENZHEN, "pl_published", None, "not_collected"),
    ]
    known = ("point_code", "point_name", "point_name_en", "point_type", "method", "unit")
    tree = ("indicator_code", "indicator_name", "indicator_name_en", "definition")
    tree += ("level", "parent_code", "weight", "weight_share", "max_score")
    return {
        "indicator_scores": scores(),
        "rankings": pd.DataFrame(
            [
                {**ranked, "region_code": code, "region_name": NAMES[code], "score": rate * 100}
                | {"band": "A", "grade": "A+" if rate == 1 else "A-"}
                | {"provisional": True, "status": "provisional"}
                | dict.fromkeys(RANKS, place)
                for place, (code, rate) in enumerate(RATES.items(), start=1)
            ]
        ),
        "grade_cuts": pd.DataFrame(
            [("all", "A", "A+", 80.0, 1), ("all", "A", "A-", 40.0, 2), ("all", "D", "D", 0.0, 3)],
            columns=["object_group", "band", "grade", "lower", "place"],
        ).assign(
            lower_printed=[80.0, 40.0, 0.0],
            band_lower=[40.0, 40.0, 0.0],
            band_highest=[100.0, 100.0, 0.0],
            band_regions=[1, 1, 1],
            chosen_by="automatic",
            automatic_lower=[40.0, 40.0, 0.0],
            last_region_code=CHENGDU,
            last_region_name="成都市",
        ),
        "points": pd.DataFrame(points, columns=["region_code", "point_code", "value", "status"]),
        "point_list": pd.DataFrame(
            [
                ("rl_published", "责任清单公布", "Published", "presence", "technical", "0/1"),
                ("rl_department_count", "部门数", "Departments", "volume", "technical", "个"),
                ("pl_published", "权力清单公布", "Published", "presence", "technical", "0/1"),
            ],
            columns=known,
        ).assign(rule_technical="多数轮次", rule_technical_en="the majority of rounds"),
        "indicator_tree": pd.DataFrame(
            [
                ("total", "总分", "Total", "d", 0, None, None, 1.0, 100.0),
                ("responsibility_list", "责任清单", "Duties", "d", 1, "total", 25.0, 0.25, 25.0),
                ("power_list", "权力清单", "Powers", "d", 1, "total", 75.0, 0.75, 75.0),
            ],
            columns=tree,
        ).assign(provenance="published"),
        "formulas": pd.DataFrame(
            [
                ("total", "rescale", "", "加权平均", "weighted mean"),
                (
                    "responsibility_list",
                    "formula",
                    "rl_published,rl_department_count",
                    "平均",
                    "mean",
                ),
                ("power_list", "formula", "pl_published", "有无", "presence"),
            ],
            columns=["indicator_code", "kind", "points", "words", "words_en"],
        ),
        "quarantine": pd.DataFrame(
            [
                (
                    SAMPLES,
                    "",
                    99,
                    "value",
                    "many",
                    "应为 0 或 1 / expected 0 or 1",
                    SHENZHEN,
                    "pl_published",
                )
            ],
            columns=QUARANTINE_COLUMNS,
        ),
    }


def readings() -> pa.Table:
    """What RAW says; its 7 was corrected to 1."""
    rows = []
    for row, line in enumerate(RAW.splitlines()[1:], start=2):
        region, point, number, value, status, address, *_ = line.split(",")
        counts = status in ("observed", "not_found")
        rows.append(
            {
                "edition": EDITION,
                "region_code": region,
                "point_code": point,
                "kind": "technical",
                "round": int(number),
                "assessor": "c1",
                "value": "1" if value == "7" else value or None,
                "number": None if not counts else float(value.replace("7", "1") or 0),
                "status": status,
                "counts": counts,
                "set_aside": None if counts else "not_collected",
                "evidence": address or None,
                "note": None,
                "read_at": None,
                "raw_file": SAMPLES,
                "sheet": None,
                "row": row,
                "column": "value",
                "table": "samples",
                "correction": "1" if value == "7" else None,
            }
        )
    table = pa.Table.from_pylist(rows)
    types = {"note": pa.string(), "read_at": pa.timestamp("us"), "sheet": pa.string()}
    return table.cast(pa.schema([(f.name, types.get(f.name, f.type)) for f in table.schema]))


@pytest.fixture
def raw(settings):
    path = settings.raw / FRAMEWORK / EDITION / "samples.csv"
    path.parent.mkdir(parents=True)
    path.write_text(RAW, encoding="utf-8")
    return path


@pytest.fixture
def folder(settings, raw):
    """The published revision."""
    ruling = {
        "table": "samples",
        "file": SAMPLES,
        "sheet": None,
        "row": 3,
        "column": "value",
        "before": "7",
        "after": "1",
        "reason": "a typing error",
        "source": "the crawler's log",
        "cell": None,
    }
    file = {"file": "samples.csv", "table": "samples", "sha256": sha256_of(raw), "columns": {}}
    line = {"collection_from": "2018-12-01", "collection_to": "2019-01-31", "rounds": "4"}
    edition = Edition(
        tables=tables(),
        long_tables={"readings": readings()},
        sql=SQL,
        marks={"synthetic": True, "conforms": True},
        description={
            "framework": FRAMEWORK,
            "edition": EDITION,
            "corrections": [ruling],
            "raw_files": [file],
            "register": {"framework": FRAMEWORK, "edition": EDITION, **line},
        },
    )
    publish(settings, FRAMEWORK, EDITION, edition)
    return revision_folder(settings, FRAMEWORK, EDITION)


def change(folder, name, edit):
    """Changes a published table as someone would who also mends its checksum."""
    path = folder / f"{name}.parquet"
    rows = pd.read_parquet(path)
    edit(rows)
    rows.to_parquet(path, index=False)
    manifest(folder, lambda one: one["files"].update({path.name: sha256_of(path)}))


def manifest(folder, edit):
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def refusal(folder, settings):
    with pytest.raises(GovIndexError) as caught:
        check(Revision(folder), settings)
    return str(caught.value)


def test_contributions_add_up_with_the_weight_of_what_is_missing_rescaled(folder):
    node = Revision(folder).explain(CHENGDU).node
    one, other = node.children
    assert (one.weight_share, one.effective_share, one.contribution) == (0.25, 1.0, 100.0)
    assert one.provenance == "published"
    assert (other.score, other.contribution, other.why.code) == (None, None, "no_point")
    assert (node.score, node.recomputed, node.closes) == (100.0, 100.0, True)


def test_a_score_is_walked_down_to_the_line_of_the_raw_file(folder, raw):
    explanation = Revision(folder).explain(CHENGDU, "responsibility_list")
    assert explanation.path == ["total", "responsibility_list"]
    assert explanation.node.formula.sql.startswith("list_avg([\n    rl_published,")
    published, count = explanation.node.points
    assert [one.value for one in published.readings] == ["1", "1", None]
    assert [one.set_aside for one in published.readings] == [None, None, "not_collected"]
    place = published.readings[0].place
    assert str(place) == f"{SAMPLES}, row 2, column value"
    assert place.sha256 == sha256_of(raw)
    assert raw.read_text(encoding="utf-8").splitlines()[place.row - 1].split(",")[3] == "1"
    assert (count.value, count.why.code) == (None, "refused")


def test_a_corrected_value_shows_both_values_reason_and_authority(folder):
    published, _ = Revision(folder).explain(CHENGDU, "responsibility_list").node.points
    [found] = published.readings[1].corrections
    assert (found.before, found.after, published.readings[1].value) == ("7", "1", "1")
    assert (found.reason, found.source) == ("a typing error", "the crawler's log")


def test_a_true_zero_is_told_from_what_is_missing_and_from_quarantine(folder):
    revision = Revision(folder)
    zero, _ = revision.explain(SHENZHEN, "responsibility_list").node.points
    assert (zero.value, zero.why.code) == (0.0, "not_found")
    [kept_out] = revision.explain(SHENZHEN, "power_list").node.points
    assert kept_out.why.code == "quarantined"
    assert kept_out.quarantined[0].reason == "应为 0 或 1 / expected 0 or 1"
    [nowhere] = revision.explain(CHENGDU, "power_list").node.points
    assert nowhere.why.code == "absent"


def test_an_explanation_is_json(folder):
    shown = json.loads(json.dumps(Revision(folder).explain(CHENGDU).as_dict()))
    assert shown["node"]["children"][0]["points"][0]["readings"][0]["place"]["row"] == 2


def test_the_terminal_gets_both_languages_places_and_no_control_characters(folder):
    console = Console(width=10_000, record=True)
    with console.capture() as captured:
        console.print(tree_of(Revision(folder).explain(CHENGDU), full=True))
    text = captured.get()
    assert "责任清单 Duties [responsibility_list]" in text
    assert f"{SAMPLES}, row 3, column value" in text
    assert "更正 corrected: value 7 → 1; a typing error (the crawler's log)" in text
    assert "25 → 100.0%" in text
    assert "\x1b" not in text.replace("\x1b[0m", "")
    assert "http://a�[31m" in text


def test_a_region_is_found_by_code_name_or_alias(folder):
    revision = Revision(folder)
    for name in (CHENGDU, "成都市", "成都", "四川成都"):
        assert revision.region_of(name) == CHENGDU
    with pytest.raises(GovIndexError, match="no region is named '成部市'; perhaps 成都市"):
        revision.region_of("成部市")


def test_an_unknown_indicator_is_named_with_those_like_it(folder):
    with pytest.raises(GovIndexError, match="no indicator 'power_lst'; perhaps power_list"):
        Revision(folder).explain(CHENGDU, "power_lst")


def test_a_whole_revision_closes(folder, settings):
    found = check(Revision(folder), settings)
    assert (found.regions, found.indicators, found.points) == (2, 6, 6)
    assert (found.readings, found.raw_files) == (6, 1)


def test_a_changed_score_is_named_with_its_region(folder, settings):
    def edit(rows):
        total = rows["indicator_code"].eq("total") & rows["region_code"].eq(SHENZHEN)
        rows.loc[total, "score"] = 41

    change(folder, "indicator_scores", edit)
    said = refusal(folder, settings)
    assert "深圳市 (440300), indicator total: published is 41, but its children's" in said
    assert "add up to 40" in said


@pytest.mark.parametrize(
    ("table", "column", "value", "sentence"),
    [
        ("rankings", "rank", 2, "total, column rank: published is 2, but the scores give 1"),
        ("rankings", "rank_in_parent", 2, "column rank_in_parent: published is 2, but the scores"),
        ("rankings", "rank_in_class", 2, "column rank_in_class: published is 2, but the scores"),
        ("rankings", "score", 99.0, "column score: published is 99.0, but the scores give 100"),
        ("rankings", "grade", "A-", "column grade: published is A-, but the scores give A+"),
        ("rankings", "band", "B", "column band: published is B, but the scores give A"),
        ("rankings", "provisional", False, "column provisional: published is false, but the"),
        ("indicator_scores", "rank", 2, "indicator_scores, 成都市 (510100), responsibility_list"),
        ("indicator_scores", "rank_in_class", 2, "column rank_in_class: published is 2, but"),
    ],
)
def test_a_rank_band_or_grade_that_the_scores_do_not_give_is_named(
    folder, settings, table, column, value, sentence
):
    def edit(rows):
        at = rows["region_code"].eq(CHENGDU)
        if "indicator_code" in rows:
            at &= rows["indicator_code"].eq("responsibility_list")
        rows.loc[at, column] = value

    change(folder, table, edit)
    said = refusal(folder, settings)
    assert sentence in said
    assert "成都市 (510100)" in said


def test_a_csv_that_is_not_the_table_for_programs_is_named(folder, settings):
    path = folder / "rankings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("40.0", "41.0"), encoding="utf-8")
    manifest(folder, lambda one: one["files"].update({"rankings.csv": sha256_of(path)}))
    assert "rankings.csv, all, 440300, 深圳市, column score: there stands 41.0, in rankings" in (
        refusal(folder, settings)
    )


def test_a_changed_rate_of_an_indicator_is_named(folder, settings):
    def edit(rows):
        rows.loc[rows["indicator_code"].eq("responsibility_list"), "score_rate"] = 0.9

    change(folder, "indicator_scores", edit)
    said = refusal(folder, settings)
    assert "深圳市 (440300), indicator total: published is 40, but its children's" in said
    assert "add up to 90 (2 nodes do not close)" in said


def test_a_changed_point_is_named(folder, settings):
    change(folder, "points", lambda rows: rows.__setitem__("value", rows["value"].replace(40, 39)))
    said = refusal(folder, settings)
    assert "point rl_department_count: published is 39, but sql/point_values.sql over its" in said


def test_a_changed_raw_value_is_named_with_its_line(folder, settings, raw):
    raw.write_text(RAW.replace(",40,", ",41,"), encoding="utf-8")
    assert refusal(folder, settings).startswith(
        f"{SAMPLES}, row 7, column value: there stands 41, in internet_service 2019 revision 1 "
        "40 for 440300 rl_department_count"
    )


def test_a_raw_file_whose_lines_moved_is_named(folder, settings, raw):
    heading, *lines = RAW.splitlines(keepends=True)
    raw.write_text("".join([heading, *reversed(lines)]), encoding="utf-8")
    assert "samples.csv, row" in refusal(folder, settings)


def test_a_correction_whose_cell_changed_is_named(folder, settings, raw):
    raw.write_text(RAW.replace(",7,", ",8,"), encoding="utf-8")
    said = refusal(folder, settings)
    assert f"{SAMPLES}, row 3, column value: there stands 8, the correction of" in said


def test_a_raw_file_that_differs_where_nothing_was_read_is_found_by_its_checksum(
    folder, settings, raw
):
    raw.write_text(RAW.replace("http://a", "http://b"), encoding="utf-8")
    assert f"{SAMPLES}: its sha256 is {sha256_of(raw)[:12]}" in refusal(folder, settings)


def test_a_reading_that_counts_of_a_point_without_a_value_is_named(folder, settings):
    def edit(rows):
        rows.loc[3, ["counts", "set_aside"]] = [True, None]

    change(folder, "readings", edit)
    said = refusal(folder, settings)
    assert f"point rl_department_count: is not collected, but the reading of {SAMPLES}, row 5" in (
        said
    )


def test_a_changed_checksum_in_the_manifest_is_named(folder, settings):
    manifest(folder, lambda one: one["raw_files"][0].update(sha256="0" * 64))
    assert f"{SAMPLES}: its sha256 is" in refusal(folder, settings)


def test_a_published_file_that_was_changed_is_named(folder, settings):
    with (folder / "indicator_scores.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert "indicator_scores.csv was changed" in refusal(folder, settings)


def test_raw_files_that_are_gone_are_named(folder, settings, raw):
    raw.unlink()
    assert f"all nodes close, but {SAMPLES} is not on the disk" in refusal(folder, settings)


def test_a_revision_without_readings_says_so(folder):
    (folder / "readings.parquet").unlink()
    with pytest.raises(GovIndexError, match=r"has no readings\.parquet.*run the edition again"):
        Revision(folder)


def test_sql_that_does_not_run_any_more_is_named(folder):
    (folder / "sql" / "total.sql").write_text('select nothing from "w"."main"."x__y"\n')
    with pytest.raises(GovIndexError, match=r"sql/total\.sql does not run over the published"):
        Revision(folder)


def test_a_revision_that_does_not_exist_is_named_with_those_that_do(folder, settings):
    with pytest.raises(GovIndexError, match="has no revision 7; known: 1"):
        revision_folder(settings, FRAMEWORK, EDITION, 7)
    with pytest.raises(GovIndexError, match="internet_service 2018 is not published"):
        revision_folder(settings, FRAMEWORK, "2018")
