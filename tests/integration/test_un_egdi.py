"""The UN index on the printed components: conformance, states not surveyed, a new edition."""

import json
from hashlib import sha256

import pandas as pd
import pytest
import yaml

from dagster_project.frameworks import framework
from dagster_project.publication.revisions import current_link
from dagster_project.registers import editions, register
from dagster_project.settings import PROJECT
from tests.proof.small import copy_project, govindex

EDITIONS = [line.edition for line in editions("un_egdi")]
# Index 0 in print: states that were not surveyed.
UNSURVEYED = {"2003": 20, "2004": 15, "2005": 14, "2008": 11, "2010": 10, "2012": 3}


def table(surveys, edition, name):
    path = current_link(surveys, "un_egdi", edition) / f"{name}.csv"
    return pd.read_csv(path, encoding="utf-8-sig", dtype={"edition": "str"})


@pytest.mark.parametrize("edition", EDITIONS)
def test_index_and_rank_are_the_printed_ones(surveys, edition):
    rows = table(surveys, edition, "reconciliation")
    scored = 193 - UNSURVEYED.get(edition, 0)
    assert rows["figure"].value_counts().to_dict() == {"index": scored, "rank": scored}
    index = rows[rows["figure"] == "index"]
    contradicting = {"index CMR", "index KHM"} if edition == "2008" else set()
    assert set(index.loc[index["verdict"] != "agrees", "fact"]) == contradicting
    rank = rows[rows["figure"] == "rank"]
    # Where the printed digits decide.
    possible = {"agrees", "rounding", *(["contradicts"] if contradicting else [])}
    assert set(rank["verdict"]) <= possible
    assert (rank["verdict"] == "agrees").mean() > 0.95


def test_a_rank_that_a_contradictory_print_displaced_names_it(surveys):
    """2008: the printed parts of Cameroon and Cambodia put them two ranks higher than the print."""
    rows = table(surveys, "2008", "reconciliation").set_index("fact")
    ranks = rows[(rows["figure"] == "rank") & (rows["verdict"] == "contradicts")]
    displaced = {"ZWE": "KHM", "GHA": "KHM", "SLB": "CMR", "COG": "CMR"}
    assert set(ranks.index) == {f"rank {code}" for code in (*displaced, "CMR", "KHM")}
    for code, by in displaced.items():
        assert f"displaced by {by}," in ranks.loc[f"rank {code}", "explanation"]
        assert ranks.loc[f"rank {code}", "difference"] == 1
    for code in ("CMR", "KHM"):
        assert "printed parts do not give" in ranks.loc[f"rank {code}", "explanation"]
    # Ecuador has 0.4840 as the state before it.
    rounding = rows[rows["verdict"] == "rounding"]
    assert rounding.index.tolist() == ["rank ECU"]
    assert "do not decide the order" in rounding.iloc[0]["explanation"]
    assert rows.loc[rows["verdict"] == "agrees", "explanation"].isna().all()


def test_china_in_2022(surveys):  # fact 192
    rows = table(surveys, "2022", "rankings").set_index("region_code")
    china = rows.loc["CHN"]
    assert (china["rank"], china["band"], round(china["score"], 4)) == (43, "very high", 0.8118)
    assert rows["band"].value_counts().to_dict() == {
        "very high": 60,
        "high": 73,
        "middle": 53,
        "low": 7,
    }
    # The names are the survey's; readers of Chinese are told what they mean.
    manifest = json.loads((current_link(surveys, "un_egdi", "2022") / "manifest.json").read_text())
    assert all(f"{band} 为" in manifest["bands_note"] for band in rows["band"].unique())


def test_a_state_that_was_not_surveyed_has_no_score(surveys):
    rows = table(surveys, "2003", "rankings").set_index("region_code")
    assert rows.loc["IRQ", "status"] == "missing"
    # Two components of zero that counted.
    assert rows.loc["TLS", "score"] == pytest.approx(0.26200 / 3, abs=1e-9)


def test_weights_of_each_survey(surveys):
    for edition, weights in (("2005", [1 / 3] * 3), ("2010", [0.34, 0.33, 0.33])):
        tree = table(surveys, edition, "indicator_tree")
        assert tree.loc[tree["level"] == 1, "weight"].tolist() == pytest.approx(weights)


def test_countries_have_codes_and_the_names_of_all_surveys():
    rows = register("un_egdi__countries")
    assert len({row["region_code"] for row in rows}) == len(rows) == 193
    names = framework("un_egdi").names("2022")["region"]
    for name, code in (
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Czech Republic", "CZE"),
        ("土耳其", "TUR"),
        ("柬埔寨", "KHM"),
        ("玻利维亚", "BOL"),
        ("The former Yugoslav Republic of Macedonia", "MKD"),
        ("Viet Nam", "VNM"),
    ):
        assert names[name] == code


def test_a_new_edition_needs_its_file_a_line_and_the_names_of_its_columns(mirror, tmp_path):
    copy_project(tmp_path)
    text = (mirror / "un_egdi" / "egdi_2022.csv").read_text(encoding="utf-8-sig")
    heading, _, rest = text.partition("\n")
    columns = {
        "region_code": ("Country Name", "State"),
        "osi": ("Online Service Index", "OSI 2024"),
        "hci": ("Human Capital Index", "HCI 2024"),
        "tii": ("Telecommunication Infrastructure Index", "TII 2024"),
        "published_index": ("E-Government Index", "EGDI"),
        "published_rank": ("E-Government Rank", "Place"),
    }
    for old, new in columns.values():
        assert old in heading
        heading = heading.replace(old, new)
    # Made up: the survey of 2022 again under new headings.
    content = f"{heading}\n{rest}".encode()
    folder = tmp_path / "raw" / "un_egdi" / "2024"
    folder.mkdir(parents=True)
    (folder / "egdi_2024.csv").write_bytes(content)
    source = yaml.safe_load((PROJECT / "raw/un_egdi/2022/source.yml").read_text(encoding="utf-8"))
    source["files"] = {
        "egdi_2024.csv": {
            "table": "components",
            "sha256": sha256(content).hexdigest(),
            "size": len(content),
            "columns": {column: new for column, (_, new) in columns.items()},
        }
    }
    (folder / "source.yml").write_text(yaml.safe_dump(source), encoding="utf-8")
    seed = tmp_path / "dbt_project" / "seeds" / "editions.csv"
    with seed.open("a", encoding="utf-8") as file:
        file.write("un_egdi,2024,193,193,1,,,,made up\n")
    result = govindex(tmp_path, "run", framework="un_egdi", edition="2024")
    assert result.returncode == 0, result.stderr
    assert "193 of 193 index" in result.stdout
