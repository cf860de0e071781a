"""Computes what is stale in a copy of the warehouse, and compares with what is published.

Warehouse, ledger, published files and the record of what is stale stay untouched.
"""

import math
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project import dbt_runner, provenance
from dagster_project.collection import manifest as raw
from dagster_project.collection.landing import land
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.frameworks import framework as framework_of
from dagster_project.indicators import seeds_of, sentence_of, tests_on
from dagster_project.plan import Plan, Stale
from dagster_project.preview import assumptions
from dagster_project.progress import report, working_on
from dagster_project.publication import conformance, content, ledger, revisions, tables
from dagster_project.publication.gathering import figures_bind
from dagster_project.registers import predecessors
from dagster_project.settings import Settings
from dagster_project.warehouse import exclusive, held

RUN = "preview"
# The tables that a preview compares.
TABLES = ("rankings", "grade_cuts", "reconciliation")
NATION = "全国"
BINS = 20
# What may change of a region.
COLUMNS = ("score", "rank", "band", "grade", "provisional")


@dataclass(frozen=True)
class Region:
    """A region of which something changes: what it has now and would have."""

    object_group: str
    region_code: str
    region_name: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def ranks_risen(self) -> int | None:
        """Ranks that it rises (negative: falls); None without a rank before or after."""
        old, new = self.before["rank"], self.after["rank"]
        return None if old is None or new is None else old - new


@dataclass(frozen=True)
class EditionPreview:
    """What would become of an edition.

    synthetic: whether its collection is. revision: the one that is published, 0 if none is.
    stale: how many assets would be computed. refusals: why it would not be published as it is.
    reasons: why it would be published only with a reason. changed: regions of which score, rank,
    band, grade or the mark provisional changes, by column. regions: those regions, the largest
    movers first. cuts: lower bound of each grade before and after. means: mean score of the
    nation and of each parent region, before and after. histograms: regions by score, before and
    after, in equal bins between lowest and highest.
    """

    framework: str
    edition: str
    synthetic: bool
    revision: int
    released: int
    stale: int
    causes: list[dict[str, str]]
    refusals: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    cuts: list[dict[str, Any]] = field(default_factory=list)
    means: list[dict[str, Any]] = field(default_factory=list)
    histograms: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As `govindex preview --json` shows it."""
        return asdict(self)


def preview(
    settings: Settings,
    framework: str,
    editions: Sequence[str] | None = None,
    assumed: Sequence[str] = (),
) -> list[EditionPreview]:
    """What computing all that is stale would change of what is published.

    editions: all that have raw files, if none are given. assumed: what-if questions, as
    `weight.<code>=<number>` or `<parameter>=<value>`.

    Raises GovIndexError if an edition cannot be computed.
    """
    code = framework_of(framework)
    taken = assumptions.parse(assumed, framework, dbt_runner.manifest(settings)) if assumed else {}
    with (
        held(settings.data / "preview.lock", "another preview to end"),
        _scratch(settings, framework) as aside,
    ):
        dbt_manifest = dbt_runner.manifest(aside, {framework: taken})
        chosen = raw.editions_with_files(settings, framework) if editions is None else editions
        found = []
        for number, edition in enumerate(chosen, start=1):
            with working_on(f"{framework} {edition} (edition {number} of {len(chosen)})"):
                found.append(_preview(settings, aside, code, edition, dbt_manifest, taken))
        return found


@contextmanager
def _scratch(settings: Settings, framework: str) -> Iterator[Settings]:
    """A data folder of its own with the stored results of a framework; gone afterwards."""
    report("copying the warehouse")
    folder = settings.data / "preview" / "scratch"
    kept = "dbt"  # the parsed project, so that the next preview need not parse all of it
    _empty(folder, kept)
    folder.mkdir(parents=True, exist_ok=True)
    aside = replace(settings, data=folder)
    # Held, so that the copy is of a moment at which nobody writes.
    with exclusive(settings):
        for name in ("warehouse.duckdb", "warehouse.duckdb.wal", "warehouse.id"):
            if (settings.data / name).is_file():
                shutil.copyfile(settings.data / name, folder / name)
        for name in ("state", "landing", "analysis"):
            for code in (framework, *predecessors(framework)):
                stored = settings.data / name / code
                if stored.is_dir():
                    # Files there are replaced, never written to, so a link is as good as a copy.
                    shutil.copytree(stored, folder / name / code, copy_function=os.link)
    try:
        yield aside
    finally:
        _empty(folder, kept)


def _empty(folder: Path, kept: str) -> None:
    for path in folder.glob("*"):
        if path.is_dir() and path.name != kept:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _preview(
    settings: Settings,
    aside: Settings,
    framework: Framework,
    edition: str,
    dbt_manifest: Mapping[str, Any],
    taken: Mapping[str, Any],
) -> EditionPreview:
    known = provenance.Provenance(aside, framework, dbt_manifest, assumed=taken)
    plan = Plan(aside, framework, dbt_manifest, known, published_in=settings)
    planned = plan.computable(edition)
    stale = [one for one in planned if one.place[1] not in ("published", "analysis")]
    history = ledger.read(ledger.revisions_folder(settings, framework.code, edition))
    found = EditionPreview(
        framework=framework.code,
        edition=edition,
        synthetic=raw.load_source(settings, framework.code, edition).synthetic,
        revision=revisions.current_revision(settings, framework.code, edition),
        released=history.released,
        stale=len({one.place for one in planned}),
        causes=[
            {"asset": one.asset, "cause": one.cause, "source": one.source}
            for one in planned
            if one.cause != "upstream"
        ],
    )
    if not planned and found.revision:
        return found
    # Where all is computed and was not published, there is nothing to compute and all to show.
    refusals = _compute(aside, framework, edition, dbt_manifest, taken, stale) if stale else []
    with duckdb.connect(str(aside.warehouse), read_only=True) as warehouse:
        shown = content.shown_models(dbt_manifest, framework.code)
        after = tables.published_tables(
            warehouse,
            framework.code,
            edition,
            {dbt_manifest["nodes"][shown[name]]["name"] for name in TABLES if name in shown},
            {},
            {},
        )
    agreement = conformance.conformance_of(
        after.get("reconciliation"), figures_bind(dbt_manifest, shown)
    )
    reasons = [f"revision {found.released} is released"] if found.released else []
    if agreement.binding and not agreement.conforms:
        # A later revision may disagree; the first may not, whatever the reason.
        ruled = (
            reasons if revisions.latest_revision(settings, framework.code, edition) else refusals
        )
        ruled.append(f"disagrees with published figures ({agreement.summary})")
    before = _published(settings, framework.code, edition, found.revision)
    regions = _regions(before.get("rankings"), after["rankings"])
    return replace(
        found,
        refusals=refusals,
        reasons=reasons,
        regions=regions,
        changed={
            name: sum(one.before[name] != one.after[name] for one in regions) for name in COLUMNS
        },
        cuts=_cuts(before.get("grade_cuts"), after.get("grade_cuts")),
        means=_means(before.get("rankings"), after["rankings"]),
        histograms=_histograms(before.get("rankings"), after["rankings"]),
    )


def _compute(
    aside: Settings,
    framework: Framework,
    edition: str,
    dbt_manifest: Mapping[str, Any],
    taken: Mapping[str, Any],
    stale: Sequence[Stale],
) -> list[str]:
    """Computes the stale tables of an edition; returns what their tests say, a sentence each.

    Raises GovIndexError if a table does not pass its gate or a model cannot be computed.
    """
    known = provenance.Provenance(aside, framework, dbt_manifest, as_stored=True, assumed=taken)
    places = list(dict.fromkeys(one.place for one in stale))
    for place in places:
        if place[1] == "landing":
            report(f"{place[2]}: read, correct, audit, land")
            landing = land(aside, framework, edition, place[2])
            if landing.audit.refusal:
                raise GovIndexError(
                    f"{framework.code} {edition}: the table {place[2]} does not pass its gate: "
                    f"{landing.audit.refusal}"
                )
            provenance.remember(aside, place, edition, known.landed(place[2], edition), RUN)
    keys = {
        provenance.key_of(dbt_manifest["nodes"][model]): model
        for model in provenance.model_ids(dbt_manifest, framework.code)
    }
    models = [keys[place] for place in places if place in keys]
    if not models:
        return []
    tests = tests_on(dbt_manifest, models)
    before = known.computed_before(edition)
    predecessor = known.computed_before_break(edition)
    provenance.name_new_warehouse(aside)

    def build(nodes: Sequence[str]) -> list[dbt_runner.NodeResult]:
        names = [dbt_manifest["nodes"][node]["name"] for node in nodes]
        return dbt_runner.build(aside, edition, before, names, {framework.code: taken}, predecessor)

    results = build([*seeds_of(dbt_manifest, [*models, *tests]), *models])
    failed = [result for result in results if result.status == "error"]
    if failed:
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        raise GovIndexError(
            f"{framework.code} {edition}: {sentence_of(dbt_manifest, failed[0])}{more}"
        )
    for place in places:
        if place in keys:
            provenance.remember(aside, place, edition, known.model(keys[place], edition), RUN)
    # Apart from the models, so that one that fails does not keep others from being computed.
    checked = build(tests) if tests else []
    return [
        sentence_of(dbt_manifest, result)
        for result in checked
        if result.status in ("error", "fail")
    ]


def _published(
    settings: Settings, framework: str, edition: str, revision: int
) -> dict[str, pd.DataFrame]:
    """The tables that are published; none if nothing is."""
    if not revision:
        return {}
    folder = revisions.revision_folder(settings, framework, edition, revision)
    text = dict.fromkeys(("region_code", "region_name", "band", "grade"), "str")
    return {
        name: pd.read_csv(path, encoding="utf-8-sig", dtype=text)
        for name in TABLES
        if (path := folder / f"{name}.csv").is_file()
    }


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    """What may change of a region, as plain values; None where there is none."""
    found: dict[str, Any] = {}
    for name in COLUMNS:
        value = row.get(name)
        if value is None or value is pd.NA or value != value:
            found[name] = None
        elif name == "rank":
            found[name] = int(value)
        elif name == "score":
            found[name] = float(value)
        else:
            found[name] = bool(value) if name == "provisional" else str(value)
    return found


def _regions(before: pd.DataFrame | None, after: pd.DataFrame) -> list[Region]:
    """The regions of which something changes, those that move most ranks first."""
    keys = ["object_group", "region_code"]
    nothing = _values({})
    old = {} if before is None else _by(before, keys)
    new = _by(after, keys)
    found = []
    for key in dict.fromkeys([*new, *old]):
        was, now = (_values(rows[key]) if key in rows else nothing for rows in (old, new))
        if was != now:
            name = str((new.get(key) or old[key])["region_name"])
            found.append(Region(key[0], key[1], name, was, now))

    def moved(one: Region) -> tuple[float, float, str]:
        risen = one.ranks_risen
        scores = one.before["score"], one.after["score"]
        change = math.inf if None in scores else abs(scores[1] - scores[0])
        return (-math.inf if risen is None else -abs(risen), -change, one.region_code)

    return sorted(found, key=moved)


def _by(rows: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    return {
        tuple(str(row[name]) for name in keys): {str(name): value for name, value in row.items()}
        for row in rows.to_dict("records")
    }


def _cuts(before: pd.DataFrame | None, after: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Lower bounds of the grades, from the top; empty for a framework without grades."""
    if after is None:
        return []
    keys = ["object_group", "grade"]
    old = {} if before is None else _by(before, keys)
    new = _by(after, keys)
    return [
        {
            "object_group": key[0],
            "grade": key[1],
            "before": float(old[key]["lower"]) if key in old else None,
            "after": float(new[key]["lower"]) if key in new else None,
        }
        for key in dict.fromkeys([*new, *old])
    ]


def _means(before: pd.DataFrame | None, after: pd.DataFrame) -> list[dict[str, Any]]:
    """Mean scores of the nation, then of each parent region, by object group."""

    def means(rows: pd.DataFrame | None) -> dict[tuple[str, str], float]:
        if rows is None:
            return {}
        found: dict[tuple[str, str], float] = {}
        for group, part in rows.dropna(subset="score").groupby("object_group", sort=True):
            found[str(group), NATION] = math.fsum(part["score"]) / len(part)
            for parent, some in part.groupby("parent_region", sort=True):
                found[str(group), str(parent)] = math.fsum(some["score"]) / len(some)
        return found

    old, new = means(before), means(after)
    rows = []
    for key in dict.fromkeys([*new, *old]):
        was, now = old.get(key), new.get(key)
        change = None if was is None or now is None else now - was
        rows.append(
            {
                "object_group": key[0],
                "region": key[1],
                "before": was,
                "after": now,
                "change": change,
            }
        )
    return rows


def _histograms(before: pd.DataFrame | None, after: pd.DataFrame) -> dict[str, Any]:
    """How many regions lie in each of equal bins of the score, before and after."""
    scores = {
        "before": [] if before is None else before["score"].dropna().tolist(),
        "after": after["score"].dropna().tolist(),
    }
    everything = [*scores["before"], *scores["after"]]
    if not everything:
        return {}
    lowest, highest = min(everything), max(everything)
    width = (highest - lowest) / BINS or 1.0

    def counts(values: list[float]) -> list[int]:
        found = [0] * BINS
        for value in values:
            found[min(int((value - lowest) / width), BINS - 1)] += 1
        return found

    return {
        "lowest": lowest,
        "highest": highest,
        **{when: counts(values) for when, values in scores.items()},
    }
