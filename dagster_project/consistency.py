"""Whether registers and models fit together, before anything is computed from them.

Cells that are no numbers, rows that stand twice and columns that are missing are found when a
register is read (registers.py); what only dbt's manifest or an edition can tell stands here.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.registers import edition_of, numbered_rows, shown


def refuse_nonsense(framework: Framework, dbt_manifest: Mapping[str, Any], edition: str) -> None:
    """Raises GovIndexError for the first row of a register or line of a model that does not fit
    the others, in an edition."""
    for sentence in problems(framework, dbt_manifest, edition):
        raise GovIndexError(sentence)


def problems(framework: Framework, dbt_manifest: Mapping[str, Any], edition: str) -> Iterator[str]:
    """What does not fit, a sentence each: regions that are missing or too many, points of an
    indicator that there is not, indicators whose points no register has."""
    expected = edition_of(framework.code, edition).expected_regions
    regions = framework.region_codes(edition)
    if len(regions) != expected:
        yield (
            f"{shown(framework.regions)} has {len(regions)} regions of this edition, and column "
            f"expected_regions of {shown('editions')} says {expected}; put back the row that was "
            "taken away, or mend the number"
        )
    meta = {
        node["name"].partition("__")[2]: node
        for node in dbt_manifest["nodes"].values()
        if node["config"].get("meta", {}).get("framework") == framework.code
    }
    register = framework.points or f"{framework.code}__points"
    points = {row["point_code"]: (number, row) for number, row in numbered_rows(register)}
    for code, (number, row) in points.items():
        indicator = row.get("indicator_code", "")
        if indicator and indicator not in meta:
            near = difflib.get_close_matches(indicator, meta, n=3, cutoff=0.4)
            yield (
                f"{shown(register)}, row {number}, column indicator_code: there is no indicator "
                f"{indicator!r} that {code} could belong to"
                + (f"; perhaps {', '.join(near)}" if near else "")
            )
    for indicator, node in meta.items():
        for code in node["config"]["meta"].get("points") or []:
            place = f"dbt_project/{node['original_file_path']}: names the point {code}"
            if code not in points:
                yield f"{place}, and {shown(register)} has no row of it; put the row back"
                continue
            number, row = points[code]
            said = row.get("indicator_code", "")
            if said not in ("", indicator):
                yield (
                    f"{place}, and by {shown(register)}, row {number}, column indicator_code, it "
                    f"belongs to {said}; name it in one of them"
                )
