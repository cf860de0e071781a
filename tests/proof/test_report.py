"""The reconciliation and the claims of the report, on twelve regions."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dagster_project.registers import register


def read(published, table):
    return pd.read_csv(published / f"{table}.csv", encoding="utf-8-sig", dtype={"edition": str})


def of_2019(name):
    rows = pd.DataFrame(register(name))
    column = "edition" if "edition" in rows else "first_edition"
    return rows[rows[column] == "2019"].astype({"fact": int, "item": int})


def test_every_published_figure_of_the_edition_has_a_row_and_a_verdict(published):
    rows = read(published, "reconciliation")
    assert list(rows.columns[:6]) == [
        "fact",
        "name",
        "published",
        "computed",
        "difference",
        "verdict",
    ]
    registered = of_2019("internet_service__published_results")
    assert rows[["fact", "item"]].values.tolist() == (
        registered.sort_values(["fact", "item"])[["fact", "item"]].values.tolist()
    )
    assert set(rows["verdict"]) <= {
        "agrees",
        "rounding",
        "within_tolerance",
        "contradicts",
        "unknown_input",
        "differs",
    }
    # Another collection than the report's does not come out at its figures, and says so.
    assert (rows["verdict"] == "differs").sum() > 100
    assert not rows["conforms"].any()
    changes = rows["statistic"].str.contains("_change", na=False)
    assert set(rows.loc[changes, "verdict"]) == {"unknown_input"}


def test_computed_figures_are_those_of_the_scores(published):
    rows = read(published, "reconciliation").set_index(["fact", "item"])
    scores = read(published, "indicator_scores")
    supply = scores[scores["indicator_code"] == "supply"]["score"]
    assert rows.loc[(58, 1), "computed"] == pytest.approx(supply.mean(), abs=1e-9)
    # Rounded to two decimals, as the report prints rates (fact 225).
    rate = round(supply.mean(), 2) / 40 * 100
    assert rows.loc[(58, 2), "computed"] == pytest.approx(rate, abs=0.005 + 1e-9)
    assert rows.loc[(59, 1), "computed"] == (supply > supply.mean()).sum()
    assert rows.loc[(64, 1), "computed"] == pytest.approx(supply.std(), abs=1e-9)
    ranks = read(published, "rankings").set_index("region_code")
    assert rows.loc[(254, 7), "computed"] == ranks.loc[440300, "rank"]
    assert rows.loc[(57, 1), "computed"] == (ranks["region_class"] == "副省级/省会").sum()
    found = rows.dropna(subset="computed")
    assert (found["computed"] - found["published"]).tolist() == pytest.approx(
        found["difference"].tolist(), abs=1e-6
    )


def test_every_claim_of_the_edition_is_listed_with_evidence(published):
    rows = read(published, "claims")
    registered = of_2019("internet_service__published_claims").set_index(["fact", "item"])
    assert rows.set_index(["fact", "item"]).index.tolist() == registered.index.tolist()
    assert set(rows["verdict"]) == {"true", "false", "undecidable"}
    for row in rows.itertuples():
        condition = registered.loc[(row.fact, row.item), "condition"]
        assert bool(condition) == isinstance(row.evidence, str)
        assert condition or row.verdict == "undecidable"


def test_a_claim_is_decided_by_the_figures_that_it_names(published):
    verdicts = read(published, "claims").set_index(["fact", "item"])["verdict"]
    scores = read(published, "indicator_scores")
    rates = scores.groupby("indicator_code")["score"].mean().round(2) / (
        scores.groupby("indicator_code")["max_score"].first()
    )
    order = ["reply_application", "proactive_sensing", "reply_responsiveness"]
    expected = {
        (69, 1): rates["catalog_coverage"] < rates["supply"],
        (73, 1): rates["platform_application"] < 0.6,
        (73, 2): rates["open_data"] < 0.6,
        (94, 1): rates[order].is_monotonic_decreasing,
        (242, 1): False,
    }
    assert {key: verdicts[key] for key in expected} == {
        key: str(bool(value)).lower() for key, value in expected.items()
    }
    # 2018 was not computed; difficulty is not defined.
    assert verdicts[75, 1] == verdicts[114, 1] == verdicts[120, 1] == "undecidable"


@pytest.fixture
def built(small_project, tmp_path):
    """Builds claims or reconciliation of a copy of the project, after an edit of a register."""
    shutil.copytree(small_project / "dbt_project", tmp_path / "dbt_project")
    shutil.copy(small_project / "data" / "warehouse.duckdb", tmp_path)
    seeds = tmp_path / "dbt_project" / "seeds"

    def build(table: str, edit: tuple[str, str, str], edition: str = "2019"):
        path = seeds / f"internet_service__{edit[0]}.csv"
        text = path.read_text(encoding="utf-8")
        assert edit[1] in text
        path.write_text(text.replace(edit[1], edit[2], 1), encoding="utf-8")
        arguments = ["--project-dir", seeds.parent, "--profiles-dir", seeds.parent]
        arguments += ["--target-path", tmp_path / "target", "--log-path", tmp_path]
        arguments += ["--vars", f'{{"edition": "{edition}"}}', "--exclude-resource-type"]
        arguments += ["unit_test", "--select", f"internet_service__{edit[0]}"]
        arguments += [f"internet_service__{table}"]
        dbt = Path(sys.executable).with_name("dbt")
        return subprocess.run(
            [dbt, "--no-use-colors", "build", *arguments],
            env={**os.environ, "GOVINDEX_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    build.folder = tmp_path
    return build


def test_a_claim_whose_sql_is_wrong_is_named(built):
    edit = ("published_claims", "[open_data.score_rate] < 0.6", "[open_data.score_rate] < nosuch")
    result = built("claims", edit)
    assert result.returncode == 1
    assert '"nosuch" not found' in result.stdout
    assert "internet_service__published_claims.csv, fact 73, item 2" in result.stdout


def test_a_figure_that_is_not_written_as_one_is_named(built):
    edit = ("published_claims", "[open_data.score_rate] < 0.6", "[open_data score_rate] < 0.6")
    result = built("claims", edit)
    assert result.returncode == 1
    assert "internet_service__published_claims.csv, fact 73, item 2: [open_data score_rate]" in (
        " ".join(result.stdout.split())
    )


def test_a_figure_of_a_statistic_that_nothing_computes_fails_its_test(built):
    edit = ("published_results", "supply,std_of_provinces,nation", "supply,no_statistic,nation")
    result = built("reconciliation", edit)
    assert result.returncode == 0, result.stdout  # that row is of 2018
    edit = ("published_results", "supply,std_of_provinces,nation", "supply,no_statistic,nation")
    result = built("reconciliation", edit)
    assert result.returncode == 1
    assert "every_published_figure_has_a_statistic" in result.stdout


def test_an_edition_without_claims_has_an_empty_table(built):
    edit = ("published_claims", "供给", "供给")
    assert built("claims", edit, "2018").returncode == 0
    with duckdb.connect(str(built.folder / "warehouse.duckdb"), read_only=True) as warehouse:
        query = "select count(*) from internet_service__claims where edition = '2018'"
        assert warehouse.execute(query).fetchone() == (0,)
