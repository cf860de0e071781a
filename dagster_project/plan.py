"""What is stale and why: every asset and edition whose stored result does not follow from
today's files. Reads files alone; neither Dagster nor the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project import consistency, dbt_runner, provenance
from dagster_project.analysis.fingerprint import (
    region_types_fingerprint,
    region_types_inputs,
    region_types_place,
)
from dagster_project.collection import manifest
from dagster_project.collection.landing import landed_path
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.frameworks import framework as framework_of
from dagster_project.pieces import refuse_incomplete
from dagster_project.publication import content, revisions
from dagster_project.registers import editions as editions_of
from dagster_project.settings import Settings

UPSTREAM = "upstream"
MISSING = "missing"
# Instead of a place, where nothing was ever stored.
NEVER = "never computed"
Place = tuple[str, ...]


@dataclass(frozen=True)
class Stale:
    """A reason why an asset is stale in an edition.

    place: framework, layer and name of the asset. cause: raw, reader, correction, suite,
    code, weight, parameter, register, engine, upstream (something that it is made of is
    stale) or missing (nothing else changed, but the result does not stand). source: the file,
    macro, weight or parameter; of upstream the assets where it begins; of missing what is lost.
    since_run: the Dagster run that stored the last result; empty if none ever did.
    """

    place: Place
    edition: str
    cause: str
    source: str
    since_run: str

    @property
    def asset(self) -> str:
        """Code of the indicator or table; `published` for the published edition."""
        return self.place[1] if self.place[1] == "published" else self.place[2]

    def as_dict(self) -> dict[str, str]:
        """As `govindex plan --json` shows it."""
        return {
            "framework": self.place[0],
            "edition": self.edition,
            "asset": self.asset,
            "cause": self.cause,
            "source": self.source,
            "since_run": self.since_run,
        }


class Plan:
    """The plan of a framework, asset by asset.

    known: the fingerprints of today; those of the files as they lie there, if none are given.
    published_in: where what is published lies, if not beside the stored results.

    Raises GovIndexError if the framework lacks a piece that the platform needs.
    """

    def __init__(
        self,
        settings: Settings,
        framework: Framework,
        dbt_manifest: Mapping[str, Any],
        known: provenance.Provenance | None = None,
        published_in: Settings | None = None,
    ) -> None:
        refuse_incomplete(framework, dbt_manifest)
        self._settings = settings
        self._published_in = published_in or settings
        self._framework = framework
        self._manifest = dbt_manifest
        self._known = known or provenance.Provenance(
            settings, framework, dbt_manifest, as_found=True
        )
        self._models = {
            provenance.key_of(dbt_manifest["nodes"][model]): model
            for model in provenance.model_ids(dbt_manifest, framework.code)
        }
        self._types = region_types_place(framework.code)
        self._published = content.published_place(framework.code)
        self._found: dict[tuple[Place, str], list[Stale]] = {}
        self._beginnings: dict[tuple[Place, str], frozenset[str]] = {}

    @property
    def places(self) -> list[Place]:
        """All assets of an edition that store a result: landed tables, models, publication."""
        landed = [(self._framework.code, "landing", table) for table in self._framework.tables]
        return [*landed, *self._models, self._types, self._published]

    def computable(self, edition: str) -> list[Stale]:
        """All that is stale in an edition that can be computed.

        Raises GovIndexError if its raw files are not as source.yml says, or if registers and
        models do not fit together.
        """
        self.refuse_unfit(edition)
        return self.of_edition(edition)

    def refuse_unfit(self, edition: str) -> None:
        """Raises GovIndexError for what keeps an edition from being computed."""
        consistency.refuse_nonsense(self._framework, self._manifest, edition)
        manifest.verified_source(self._settings, self._framework.code, edition)

    def of_edition(self, edition: str) -> list[Stale]:
        """All that is stale in an edition, whether it can be computed now or not."""
        return [one for place in self.places for one in self.stale(place, edition)]

    def stale(self, place: Place, edition: str) -> list[Stale]:
        """Why an asset is stale in an edition; empty if it is not."""
        if (place, edition) not in self._found:
            self._found[place, edition] = self._stale(place, edition)
        return self._found[place, edition]

    def above(self, place: Place) -> set[Place]:
        """The asset of a model itself and all that is made of it."""
        found = {place}
        queue = [self._models[place]]
        while queue:
            for child in self._manifest["child_map"][queue.pop()]:
                if child in self._models.values():
                    key = provenance.key_of(self._manifest["nodes"][child])
                    if key not in found:
                        found.add(key)
                        queue.append(child)
        inputs = region_types_inputs(self._manifest, self._framework.code)
        if any(self._models[one] in inputs for one in found):
            found.add(self._types)
        return found | {self._published}

    def indicator(self, code: str) -> Place:
        """The asset of an indicator or table.

        Raises GovIndexError if the framework has none of that code.
        """
        for place in self._models:
            if place[1] != "staging" and place[2] == code:
                return place
        known = sorted(place[2] for place in self._models if place[1] == "indicators")
        raise GovIndexError(
            f"{self._framework.code} has no indicator {code}; known: {', '.join(known)}"
        )

    def _stale(self, place: Place, edition: str) -> list[Stale]:
        today = self._today(place, edition)
        stored = provenance.stored_result(self._settings, place, edition)
        if stored is None:
            return [Stale(place, edition, MISSING, NEVER, "")]
        lost = stored.lost or self._lost_file(place, edition)
        if stored.fingerprint == today.value:
            return [Stale(place, edition, MISSING, lost, stored.run)] if lost else []
        changed = provenance.changed_places(stored.parts, today.parts)
        own = [
            Stale(place, edition, cause, source, stored.run)
            for cause, source in changed
            if cause != UPSTREAM
        ]
        if lost and lost != provenance.UNFINISHED:
            own.append(Stale(place, edition, MISSING, lost, stored.run))
        own = own or [
            Stale(place, edition, cause, source, stored.run)
            for cause, source in sorted(self._changed_below(stored, today, edition))
        ]
        if own:
            return own
        begun = self._begins(place, edition)
        return [Stale(place, edition, UPSTREAM, ", ".join(sorted(begun)), stored.run)]

    def _today(self, place: Place, edition: str) -> provenance.Fingerprint:
        _, layer, name = place
        if layer == "landing":
            return self._known.landed(name, edition)
        if layer == "published":
            return content.published_fingerprint(
                self._known, self._manifest, self._framework.code, edition
            )
        if place == self._types:
            return region_types_fingerprint(
                self._known, self._manifest, self._framework.code, edition
            )
        return self._known.model(self._models[place], edition)

    def _lost_file(self, place: Place, edition: str) -> str:
        """The file of a stored result that does not stand any more; empty if all do. Of tables
        in the warehouse their record says so."""
        framework, layer, name = place
        if layer == "landing":
            path = landed_path(self._settings, framework, edition, name)
            return "" if path.is_file() else f"data/landing/{framework}/{edition}/{path.name}"
        if layer == "published":
            return revisions.wrong_link(self._published_in, framework, edition)
        return ""

    def _changed_below(
        self, stored: provenance.Stored, today: provenance.Fingerprint, edition: str
    ) -> set[tuple[str, str]]:
        """Cause and place of what changed in the inputs, if they were all computed again since;
        empty if one is stale itself, or if nothing tells."""
        before = stored.parts.get(UPSTREAM, {})
        found: set[tuple[str, str]] = set()
        for source, value in today.parts[UPSTREAM].items():
            place, when = self._input(source, edition)
            if self.stale(place, when):
                return set()
            if before.get(source) not in (None, value):
                found |= self._replaced(place, when, before[source])
        return found

    def _replaced(self, place: Place, edition: str, before: str) -> set[tuple[str, str]]:
        """Cause and place of what changed in an asset since the result with that fingerprint."""
        stored = provenance.stored_result(self._settings, place, edition)
        if stored is None or before not in stored.replaced:
            return set()
        old = stored.replaced[before]
        found: set[tuple[str, str]] = set()
        for cause, source in provenance.changed_places(old, stored.parts):
            if cause != UPSTREAM:
                found.add((cause, source))
            elif fingerprint := old.get(UPSTREAM, {}).get(source):
                found |= self._replaced(*self._input(source, edition), fingerprint)
        return found

    def _begins(self, place: Place, edition: str) -> frozenset[str]:
        """The assets below where it begins that this one is stale: those that are stale by
        themselves or, if all are built again already, the inputs that changed."""
        if (place, edition) not in self._beginnings:
            today = self._today(place, edition).parts[UPSTREAM]
            inputs = {source: self._input(source, edition) for source in today}
            found: set[str] = set()
            with_files = manifest.editions_with_files(self._settings, self._framework.code)
            for one, when in inputs.values():
                # What is read of the framework before has a plan of its own.
                if one[0] != self._framework.code:
                    continue
                # Another edition that is not to be had any more stays as it was computed.
                looked_at = when == edition or when in with_files
                for why in self.stale(one, when) if looked_at else []:
                    found |= self._begins(one, when) if why.cause == UPSTREAM else {one[2]}
            if not found:
                stored = provenance.stored_result(self._settings, place, edition)
                before = stored.parts.get(UPSTREAM, {}) if stored else {}
                # What it was made of and is not made of any more is named too, if it still exists.
                gone = {
                    source: self._input(source, edition)
                    for source in before.keys() - today.keys()
                    if source.partition(provenance.PREVIOUS)[0] in self._manifest["nodes"]
                }
                found = {
                    one[2]
                    for source, (one, _) in (inputs | gone).items()
                    if before.get(source) != today.get(source)
                }
            self._beginnings[place, edition] = frozenset(found)
        return self._beginnings[place, edition]

    def _input(self, source: str, edition: str) -> tuple[Place, str]:
        """The asset and edition that a fingerprint names as an input: a table of another
        layer, a model, or a model of the edition before."""
        if "/" in source:
            return (self._framework.code, *source.split("/")), edition
        model, _, previous = source.partition(provenance.PREVIOUS)
        return provenance.key_of(self._manifest["nodes"][model]), previous or edition


def known_editions(settings: Settings, framework: str) -> list[str]:
    """The editions that have raw files, and those that were computed when they had some."""
    with_files = manifest.editions_with_files(settings, framework)
    computed = provenance.computed_editions(settings, framework)
    names = [line.edition for line in editions_of(framework)]
    return [name for name in names if name in with_files or name in computed]


def plan(
    settings: Settings, frameworks: Sequence[str], editions: Sequence[str] | None = None
) -> tuple[list[Stale], list[str]]:
    """All that is stale in the editions that have raw files or were ever computed; and what
    keeps editions from being computed, a sentence each.

    editions: only these.
    """
    found: list[Stale] = []
    complaints: list[str] = []
    for code in frameworks:
        complaints += manifest.unknown_folders(settings, code)
        known = known_editions(settings, code)
        if editions is None:
            complaints += manifest.missing_editions(settings, code, known)
        one = Plan(settings, framework_of(code), dbt_runner.manifest(settings))
        for edition in editions or known:
            found += one.of_edition(edition)
            try:
                one.refuse_unfit(edition)
            except GovIndexError as error:
                complaints.append(f"{code} {edition}: {error}")
    return found, complaints
