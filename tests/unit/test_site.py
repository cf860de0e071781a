"""The site of a revision made by hand, with texts that a hostile collection might bring in."""

import json
import re
import signal
import time

import numpy as np
import pandas as pd
import pytest

from dagster_project import beside, site
from dagster_project.errors import GovIndexError
from dagster_project.publication.revisions import Edition, problems_of, publish, revision_folder
from dagster_project.settings import PROJECT
from dagster_project.site import names, overview, region, words
from dagster_project.site.figures import Numbers, inline_json, rounded, said
from tests.conftest import settings_in
from tests.integration.conftest import files_of
from tests.pages import Page, data_of, value
from tests.unit import test_explanation as made

FRAMEWORK, EDITION = made.FRAMEWORK, made.EDITION
EVIL = "</script><script>hacked=1</script><img src=x onerror=hacked=1>\u2028<!--\"'&"
ADDRESS = 'javascript:hacked=1"><b>'


def tables() -> dict[str, pd.DataFrame]:
    """Two regions; the name of one, of an indicator, a point and a parent are hostile."""
    found = made.tables()
    found["indicator_scores"] = found["indicator_scores"].assign(
        framework=FRAMEWORK, edition=EDITION, indicator_name="x", level=1
    )
    total = found["indicator_scores"].query("indicator_code == 'total'")
    found["rankings"] = (
        found["rankings"]
        .drop(columns=["rank"])
        .assign(
            score=total["score"].tolist(),
            rank=total["rank"].tolist(),
            rank_in_parent=[1, 2],
            rank_in_class=[1, 2],
            region_name=["成都市", EVIL],
            parent_region=EVIL,
            collected_share=0.5,
            status="provisional",
        )
    )
    found["indicator_tree"] = found["indicator_tree"].assign(
        indicator_name=["总分", EVIL, "权力清单"], definition=EVIL
    )
    found["quarantine"] = found["quarantine"].assign(table="samples")
    found["point_list"] = found["point_list"].assign(
        point_name=EVIL, looked_for=EVIL, looked_for_en=[f"A list {EVIL}", None, ""]
    )
    found["statistics"] = pd.DataFrame(
        [
            ("total", "nation", "", "mean", 70.0),
            ("total", "nation", "", "score_rate", 0.7),
            ("responsibility_list", "nation", "", "score_rate", 0.7),
            ("total", "province", EVIL, "mean", 70.0),
            ("total", "province", "x", "mean", 60.0),
            ("total", "region", made.CHENGDU, "rank_change", 1.0),
            ("total", "region", made.CHENGDU, "score_change", 2.5),
        ],
        columns=["indicator_code", "group_kind", "group_name", "statistic", "value"],
    ).assign(object_group="all", detail="x", level=0, indicator_name="x")
    found["reconciliation"] = pd.DataFrame(
        {
            "fact": ["index 510100", "rank 510100"],
            "name": "成都市",
            "published": [70.0, 1.0],
            "computed": [70.0, 1.0],
            "difference": 0.0,
            "verdict": "agrees",
            "figure": ["index", "rank"],
        }
    )
    return found


def content() -> Edition:
    """What is published of the edition."""
    readings = made.readings()
    place = readings.schema.get_field_index("evidence")
    readings = readings.set_column(place, "evidence", [[ADDRESS] * len(readings)])
    return Edition(
        tables=tables(),
        long_tables={"readings": readings},
        sql=made.SQL,
        marks={"synthetic": True, "conforms": True},
        description={
            "framework": FRAMEWORK,
            "edition": EDITION,
            "producer": EVIL,
            "licence": EVIL,
            "corrections": [],
            "title": EVIL,
            "address": ADDRESS,
            "code_version": "c",
            "engines": {},
            "conformance": {},
            "rows": {"samples": {"rows_collected": 6, "rows_landed": 5, "rows_quarantined": 1}},
            "raw_files": [
                {
                    "file": "samples.csv",
                    "table": "samples",
                    "sha256": "ab" * 32,
                    "size": 1,
                    "columns": {},
                }
            ],
            "register": {
                "framework": FRAMEWORK,
                "edition": EDITION,
                "collection_from": "2018-12-01",
                "collection_to": "2019-01-31",
                "rounds": "4",
            },
        },
        pages=site.code_digest(),
    )


@pytest.fixture
def folder(settings):
    """The published revision with its site."""
    publish(settings, FRAMEWORK, EDITION, content(), begin_site=site.begin)
    return revision_folder(settings, FRAMEWORK, EDITION)


@pytest.fixture
def pages(folder):
    return {
        path.relative_to(folder / "site").as_posix(): Page(path)
        for path in (folder / "site").rglob("*.html")
    }


def test_hostile_text_makes_no_element_on_any_page(pages):
    assert {"index.html", "ranking.html", "regions/440300.html"} <= set(pages)
    for place, page in pages.items():
        assert not {"img", "b", "iframe", "object", "form2"} & {tag for tag, _ in page.tags}, place
        assert "\u2028" not in "".join(text for _, text in page.scripts), place
        for attributes, text in page.scripts:
            assert "hacked=1" not in text or attributes.get("type") == "application/json", place
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") for name in attributes), (place, tag)
    assert EVIL in pages["regions/440300.html"].text


def test_no_address_of_a_collection_is_a_link(pages):
    for place, page in pages.items():
        for tag, attributes in page.tags:
            target = attributes.get("href", attributes.get("src", ""))
            assert tag == "link" or re.fullmatch(r"(?!javascript:)[\w./#-]*", target), (
                place,
                target,
            )


def test_data_in_scripts_cannot_end_the_script(folder):
    for name in ("names.js", "trace.js"):
        text = (folder / "site" / "assets" / name).read_text(encoding="utf-8")
        assert not re.search("[<>&\u2028\u2029]", text)
    assert EVIL in {row[1] for row in data_of(folder / "site/assets/names.js", "GOVINDEX_REGIONS")}
    shared = data_of(folder / "site/assets/trace.js", "GOVINDEX_TRACE")
    assert shared["points"][0]["name"][0] == EVIL


def test_what_is_looked_for_is_said_in_english_and_else_in_its_own_words(folder):
    shared = data_of(folder / "site/assets/trace.js", "GOVINDEX_TRACE")
    assert [one["looked_for"] for one in shared["points"]] == [
        [EVIL, f"A list {EVIL}"],
        [EVIL, EVIL],
        [EVIL, EVIL],
    ]
    page = folder / "site" / "indicators" / "responsibility_list.html"
    assert said(EVIL, f"A list {EVIL}") in page.read_text(encoding="utf-8")


def test_data_survive_being_embedded(pages):
    regions = pages["ranking.html"].json("data")["regions"]
    assert [one["name"] for one in regions] == ["成都市", EVIL]
    assert pages["regions/510100.html"].trace["readings"]["evidence"][0] == ADDRESS


def test_the_site_is_part_of_the_revision(settings, folder):
    files = json.loads((folder / "manifest.json").read_text())["files"]
    assert {"site/index.html", "site/assets/vega.js", "rankings.csv"} <= set(files)
    assert problems_of(settings, FRAMEWORK, EDITION) == []
    page = folder / "site" / "index.html"
    page.chmod(0o644)
    page.write_text("other")
    [problem] = problems_of(settings, FRAMEWORK, EDITION)
    assert "site/index.html: changed" in problem


def test_the_same_revision_gives_the_same_bytes(folder, tmp_path):
    site.build(folder, tmp_path / "again")
    for path in (tmp_path / "again").rglob("*"):
        if path.is_file():
            there = folder / "site" / path.relative_to(tmp_path / "again")
            assert path.read_bytes() == there.read_bytes(), path.name


@pytest.mark.parametrize(
    "befalls",
    [
        None,
        pytest.param((time.sleep, 60), id="has no time"),
        pytest.param((signal.raise_signal, signal.SIGKILL), id="is killed"),
    ],
)
def test_pages_written_beside_are_those_written_here(folder, tmp_path, monkeypatch, befalls):
    monkeypatch.setattr(beside, "SMALLEST", 0)
    again = settings_in(tmp_path / "again")
    with beside.process(again, [(FRAMEWORK, EDITION)]):
        if befalls:
            beside.submit(*befalls)
        else:  # nobody writes them here
            monkeypatch.delattr(region, "pages")
        publish(again, FRAMEWORK, EDITION, content(), begin_site=site.begin)
    assert files_of(revision_folder(again, FRAMEWORK, EDITION)) == files_of(folder)


def test_pages_that_could_not_be_written_beside_are_written_here(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "SMALLEST", 0)
    with beside.process(settings_in(tmp_path), [(FRAMEWORK, EDITION)]):
        failed = beside.submit(site.build, tmp_path)
        site.build(folder, tmp_path / "again", failed)
    assert failed.exception()
    assert files_of(tmp_path / "again") == files_of(folder / "site")


def test_every_page_says_that_the_collection_is_synthetic(pages):
    assert all("合成数据" in page.text for page in pages.values())


def test_a_missing_score_says_why(pages):
    rows = {row[0].get("data-i"): row for row in pages["regions/510100.html"].tables["indicators"]}
    assert "没有采集到任何点位" in rows["power_list"][1][2]
    assert value(rows["power_list"][2]) is None
    assert value(rows["responsibility_list"][2]) == 25


def test_the_trace_says_why_a_point_has_no_value(folder, pages):
    trace = pages["regions/510100.html"].trace
    shared = data_of(folder / "site/assets/trace.js", "GOVINDEX_TRACE")
    codes = [one["code"] for one in shared["points"]]
    points = dict(zip(codes, trace["points"], strict=True))
    assert points["rl_published"][:2] == [1.0, "observed"]
    assert points["rl_department_count"][3] == "refused"
    assert points["pl_published"][3] == "absent"
    other = dict(zip(codes, pages["regions/440300.html"].trace["points"], strict=True))
    assert (other["rl_published"][3], other["pl_published"][3]) == ("not_found", "quarantined")


def test_why_cells_were_kept_out_stands_in_the_language_of_the_page(pages):
    [kept_out] = pages["regions/440300.html"].trace["quarantined"]
    assert kept_out[5] == ["应为 0 或 1", "expected 0 or 1"]
    listed = pages["record.html"]
    assert "应为 0 或 1" in listed.text
    assert "expected 0 or 1" not in listed.text
    assert '<span class="en">expected 0 or 1</span>' in listed.source


def test_what_is_known_by_a_text_where_others_have_numbers_is_named_in_both_languages(pages):
    checks = pages["checks.html"]
    assert "成都市 总分 510100" in checks.text
    assert '<span class="en">rank 510100</span>' in checks.source
    assert '<span class="en">Chengdu 成都市</span>' in checks.source
    assert not re.search(r"\bnan\b", checks.source)


def test_a_region_without_a_weakness_says_so(pages):
    note = "没有一项低于均值"
    assert note in pages["regions/510100.html"].text
    assert note not in pages["regions/440300.html"].text


def test_what_lies_above_regions_is_a_province_only_in_china(pages):
    assert words.kind_words("province", ["四川省", "广东省"]) == ("省份", "Province")
    [data] = [json.loads(text) for _, text in pages["ranking.html"].scripts if '"called"' in text]
    called = dict(zip(data["columns"], data["called"], strict=True))
    assert called["parent_region"] == ["上级地区", "Region above"]


def test_statistics_stand_by_their_numbers_with_changes_behind():
    found = ["top_10", "rounds", "top_2", "mean_change", "median", "mean"]
    assert sorted(found, key=words.order_of) == [
        *("mean", "mean_change", "median", "top_2", "top_10", "rounds")
    ]


def test_a_change_of_a_share_is_in_points():
    assert words.statistic("score_rate_change")[1] == "points"
    assert words.statistic("score_rate_change_relative")[1] == "rate"


@pytest.mark.parametrize(
    ("scores", "step"),
    [
        ([0.25, 1.0, 1.25, 9.0, 9.0], 0.25),
        ([1.0, 1.5, 2.2], None),
        ([0.01 * place for place in range(100)], None),
        ([3.0, 3.0], None),
        ([], None),
    ],
)
def test_bars_are_as_wide_as_the_steps_of_scores_that_come_in_few(scores, step):
    assert overview.grid_of(pd.Series(scores, dtype="float64")) == step


def test_a_folder_without_a_revision_is_named(tmp_path):
    with pytest.raises(GovIndexError, match="no published revision"):
        site.build(tmp_path)


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("成都市", ["chengdushi", "cds", "成都"]),
        ("重庆市", ["chongqing"]),
        ("长治市", ["changzhi"]),
        ("朝阳市", ["chaoyang"]),
        ("漯河市", ["luohe", "tahe"]),
        ("六安市", ["luan", "liuan"]),
        ("厦门市", ["xiamen", "xms"]),
        ("锡林郭勒盟", ["xilinguole", "xilingol"]),
        ("Ñuñoa", ["ñuñoa", "123"]),
    ],
)
def test_a_region_is_found_by_name_pinyin_initials_and_code(name, found_by):
    text = names.search_text("123", name)
    assert all(one in text for one in found_by)


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("成都市", "Chengdu 成都市"),
        ("阿坝藏族羌族自治州", "Aba 阿坝藏族羌族自治州"),
        ("广西壮族自治区", "Guangxi 广西壮族自治区"),
        ("东部", "East"),
        ("丹麦", "Denmark 丹麦"),
        ("大洋洲", "Oceania"),
        ("Santiago", "Santiago"),
    ],
)
def test_names_in_english(name, english):
    assert names.romanised(name) == english


def test_there_is_a_tile_for_each_province_level_division_and_none_on_another():
    assert len(names.tiles()) == 34
    assert len({(tile.column, tile.row) for tile in names.tiles()}) == 34
    assert names.province_tiles({"四川省", "广东省"}) == names.tiles()
    assert names.province_tiles({"Valparaíso", "Maule"}) == ()


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (62.875, "score", "62.88"),
        (-0.005, "signed", "\u22120.01"),
        (0.0, "signed", "0.00"),
        (3.0, "signed_whole", "+3"),
        (0.6325, "rate", "63.25%"),
        (np.nan, "score", "—"),
        (None, "rate", "—"),
        (pd.NA, "whole", "—"),
    ],
)
def test_numbers_are_printed_as_the_tables_print_them(number, form, text):
    assert Numbers(2)(number, form) == text


def test_halves_go_away_from_zero():
    assert [rounded(one, 2) for one in (0.125, 2.675, 1.005, -0.125)] == [
        "0.13",
        "2.68",
        "1.01",
        "-0.13",
    ]


def test_a_scale_of_one_has_four_decimals():
    assert Numbers(4)(0.97171) == "0.9717"


def test_inline_json_keeps_texts_and_missing_values():
    text = inline_json({"a": EVIL, "b": float("nan"), "c": pd.NA, "d": np.int64(3), "e": 2.0})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"a": EVIL, "b": None, "c": None, "d": 3, "e": 2}


def test_a_text_in_two_languages_is_escaped():
    assert "<img" not in said(EVIL, "other")
    assert said("same", "same") == "same"


def test_countries_have_the_english_names_of_the_register():
    register = pd.read_csv(PROJECT / "dbt_project" / "seeds" / "un_egdi__countries.csv")
    assert names.countries() == dict(zip(register["region_name"], register["name_en"], strict=True))


def test_a_country_is_found_by_its_english_name():
    assert "denmark" in names.search_text("DNK", "丹麦")


@pytest.mark.parametrize(
    ("statistic", "zh", "en", "form"),
    [
        ("gini", "基尼系数", "Gini coefficient", "number"),
        ("gini_change", "基尼系数变化", "Gini coefficient, change", "number"),
        ("mean_change_relative", "均值增幅", "mean, relative change", "rate"),
        ("above_60_share_change", "得分率>60%占比变化", None, "points"),
        ("top_3", "第3名", "top 3", "number"),
    ],
)
def test_statistics_have_names_in_both_languages(statistic, zh, en, form):
    named, printed_as = words.statistic(statistic)
    assert named[0] == zh
    assert en in (None, named[1])
    assert printed_as == form


def test_the_ranking_says_why_scores_are_missing(pages):
    data = pages["ranking.html"].json("data")
    place = [one["code"] for one in data["regions"]].index("510100")
    zh, en = data["reasons"][data["why"]["power_list"][str(place)]]
    assert zh == "没有采集到任何点位（点位：采集文件中没有 1）"
    assert en == "none of its points was collected (points: not in the collected files 1)"
