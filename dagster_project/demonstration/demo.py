"""govindex demo: lays the demonstration of an edition into raw/, or leaves what lies there."""

import hashlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import yaml

from dagster_project.collection import manifest
from dagster_project.demonstration.facts import FOLDER, definitions, demonstration
from dagster_project.demonstration.files import read_twice, write_files
from dagster_project.demonstration.realisation import Realisation, Realised
from dagster_project.demonstration.records import Recorder, Records
from dagster_project.demonstration.targets import target_scores
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import Framework
from dagster_project.frameworks import framework as framework_of
from dagster_project.registers import SEEDS, edition_of, register, rows_in_effect
from dagster_project.settings import Settings

PRODUCER = "govindex demo"
IGNORED = ".gitignore"


@dataclass(frozen=True)
class DemoEdition:
    """What lies in raw/ after a demonstration: files, samples (technical lines), bytes."""

    framework: str
    edition: str
    regions: int
    files: int
    samples: int
    size: int
    seconds: float
    written: bool


def write_demo(settings: Settings, framework: str, edition: str) -> DemoEdition:
    """Writes the demonstration of an edition into raw/<framework>/<edition>/.

    Its own files that lie there unchanged stay as they are.

    Raises GovIndexError where other files lie, or its own that somebody changed.
    """
    start = time.monotonic()
    known = demonstration(framework)
    if edition not in known.editions:
        raise GovIndexError(
            f"{framework} {edition} has no demonstration; known: {', '.join(known.editions)}"
        )
    declared = framework_of(framework)
    producer = f"{PRODUCER} {_version(declared, edition)}"
    written = not _lies_there(settings, framework, edition, producer)
    if written:
        _write(settings, declared, edition, producer)
    source = manifest.load_source(settings, framework, edition)
    rounds = edition_of(framework, edition).rounds
    technical = [row for row in declared.point_rows(edition) if row["method"] == "technical"]
    regions = len(declared.region_codes(edition))
    return DemoEdition(
        framework=framework,
        edition=edition,
        regions=regions,
        files=len(source.files),
        samples=regions * len(technical) * rounds,
        size=sum(entry.size for entry in source.files.values()),
        seconds=time.monotonic() - start,
        written=written,
    )


def refuse_others_files(settings: Settings, framework: str, edition: str) -> None:
    """Raises GovIndexError if files lie there that are not the demonstration's own."""
    _lies_there(settings, framework, edition, "")


def realised_edition(framework: str, edition: str) -> Realised:
    """The point values of a demonstration and the scores that they give."""
    known = demonstration(framework)
    declared = framework_of(framework)
    scores = target_scores(framework, edition, declared.regions)
    points = {row["point_code"]: row for row in declared.point_rows(edition)}
    needs = {base: listed.split() for base, listed in known.needs.items()}
    return Realisation(
        known.editions[edition], scores, definitions(framework, edition), points, needs
    ).run()


def recorded_edition(framework: str, edition: str, realised: Realised) -> Records:
    """What rounds, assessors and verifiers recorded of those values."""
    declared = framework_of(framework)
    line = edition_of(framework, edition)
    if line.collection_from is None or line.collection_to is None:
        raise GovIndexError(f"{framework} {edition}: the register has no collection window")
    codes = declared.region_codes(edition)
    return Recorder(
        realised,
        definitions(framework, edition),
        codes,
        {row["point_code"]: row for row in declared.point_rows(edition)},
        (line.collection_from, line.collection_to),
        read_twice(len(codes)),
        [demonstration(framework).seed, int(edition)],
    ).run()


def _version(framework: Framework, edition: str) -> str:
    """What the files depend on: this package, and the targets and registers of this framework and
    of those with whose editions its own begin; no other framework's."""
    own = demonstration(framework.code)
    codes = {framework.code, *(one.order.framework for one in own.editions.values())} - {None}
    known = {str(code): demonstration(str(code)) for code in codes}
    grades = {one.order.grades for each in known.values() for one in each.editions.values()}
    seeds = {framework.regions, framework.points, *(each.tree for each in known.values()), *grades}
    paths = [
        *FOLDER.glob("*.py"),
        *(FOLDER / f"{code}{kind}.yaml" for code in known for kind in ("", "_targets")),
        *(SEEDS / f"{name}.csv" for name in seeds if name),
    ]
    found = hashlib.sha256(f"{framework.code} {edition}".encode())
    for path in sorted(paths):
        found.update(path.read_bytes())
    for row in register("editions"):
        if row["framework"] in known:
            found.update(",".join(row.values()).encode())
    return found.hexdigest()[:12]


def _record(files: Mapping[str, manifest.SourceFile]) -> str:
    """The names and checksums of files in one, as it ends the producer of a demonstration."""
    listed = "".join(f"{name} {files[name].sha256}\n" for name in sorted(files))
    return f", files {hashlib.sha256(listed.encode()).hexdigest()[:16]}"


def _lies_there(settings: Settings, framework: str, edition: str, producer: str) -> bool:
    """Whether exactly this demonstration lies there. Raises GovIndexError for files not its own.

    Its own are those whose checksums the demonstration wrote into `producer`: what was recorded
    in source.yml later, or lies beside it, is somebody's.
    """
    folder = manifest.edition_folder(settings, framework, edition)
    shown = manifest.shown(settings, folder)
    if not any(
        path.is_file() and path.name not in (IGNORED, manifest.CORRECTIONS)
        for path in folder.rglob("*")
    ):
        return False
    remedy = "move the folder away to have the demonstration written there"
    if not (folder / manifest.MANIFEST).is_file():
        raise GovIndexError(
            f"{shown}: holds collected files without a {manifest.MANIFEST}, which the "
            f"demonstration does not overwrite; {remedy}"
        )
    source = manifest.load_source(settings, framework, edition)
    if not source.synthetic or not source.producer.startswith(f"{PRODUCER} "):
        kind = "synthetic files of another origin" if source.synthetic else "real collected files"
        raise GovIndexError(
            f"{shown}: holds {kind}, which the demonstration does not overwrite; {remedy}"
        )
    found = manifest.problems(settings, framework, edition, source)
    if not found and not source.producer.endswith(_record(source.files)):
        found = [
            f"{shown}/{manifest.MANIFEST}: lists checksums that the demonstration did not write"
        ]
    if found:
        raise GovIndexError(
            f"{shown}: the demonstration's files were changed since they were written "
            f"({found[0]}); {remedy}"
        )
    return source.producer.startswith(f"{producer},")


def _write(settings: Settings, framework: Framework, edition: str, producer: str) -> None:
    """Writes all files aside, with source.yml, and puts the whole folder in its place."""
    folder = manifest.edition_folder(settings, framework.code, edition)
    line = edition_of(framework.code, edition)
    records = recorded_edition(framework.code, edition, realised_edition(framework.code, edition))
    part = folder.with_name(f".{edition}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    assert line.collection_to is not None
    tables = write_files(
        part,
        records,
        list(rows_in_effect(framework.regions, framework.code, edition)),
        {row["point_code"]: row for row in framework.point_rows(edition)},
        f"{edition}年{framework.name_zh}",
        datetime(line.collection_to.year, line.collection_to.month, line.collection_to.day),
        [demonstration(framework.code).seed, int(edition)],
    )
    files = {
        name: manifest.SourceFile(
            table=table,
            sha256=manifest.sha256_of(part / name),
            size=(part / name).stat().st_size,
        )
        for name, table in tables.items()
    }
    source = {
        "title": f"{framework.name_zh} {edition}: demonstration, synthetic (演示数据，非真实采集)",
        "producer": f"{producer}{_record(files)}",
        "address": "none; made up so that its results are the published ones",
        "licence": "无 / none",
        "collected_on": f"{line.collection_from} to {line.collection_to} (made up)",
        "synthetic": True,
        "files": {name: entry.model_dump(exclude_unset=True) for name, entry in files.items()},
    }
    text = yaml.safe_dump(source, sort_keys=False, allow_unicode=True, width=1000)
    (part / manifest.MANIFEST).write_text(text, encoding="utf-8")
    # Nothing of it belongs into a repository, not even source.yml.
    (part / IGNORED).write_text("*\n", encoding="utf-8")
    # What it did not write, corrections and hidden files, stays.
    listed = {manifest.MANIFEST, IGNORED}
    if (folder / manifest.MANIFEST).is_file():
        listed |= set(manifest.load_source(settings, framework.code, edition).files)
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and name.as_posix() not in listed:
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, part / name)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
