"""The copy of the project that the proof computes: twelve regions in the register."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import yaml

from dagster_project.settings import PROJECT
from tests.proof import collection


def copy_project(root: Path) -> None:
    """Lays the project into a folder, without collected files."""
    for name in ("dagster_project", "dbt_project", "expectations"):
        shutil.copytree(
            PROJECT / name,
            root / name,
            ignore=shutil.ignore_patterns("__pycache__", "target", "logs"),
        )


def small_copy(root: Path, editions: tuple[str, ...] = ("2019",)) -> None:
    """Lays the project into a folder, with the twelve regions alone and their collections."""
    copy_project(root)
    seeds = root / "dbt_project" / "seeds"
    keep(seeds / "divisions.csv", lambda row: row["region_code"] in collection.REGIONS)
    keep(seeds / "internet_service__expert_cuts.csv", lambda row: False)
    text = (seeds / "editions.csv").read_text(encoding="utf-8")
    for edition in editions:
        line = f"internet_service,{edition}"
        text = text.replace(f"{line},334,334", f"{line},12,12")
    (seeds / "editions.csv").write_text(text, encoding="utf-8")
    for edition in editions:
        collection.write(root, root / "raw" / "internet_service" / edition, edition)


def keep(path: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    """Leaves in a register the rows that are wanted."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if wanted(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def remove_framework(root: Path, code: str) -> None:
    """Takes a framework out of a copied project: its files, its lines of shared registers and its
    models in shared files."""
    own = ("dagster_project/frameworks/{}.yaml", "dagster_project/demonstration/{}*.yaml",
           "dbt_project/seeds/*{}__*", "dbt_project/models/*/{}", "expectations/{}")  # fmt: skip
    for path in [path for pattern in own for path in root.glob(pattern.format(code))]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in ("editions", "framework_breaks", "comparable_indicators"):
        keep(root / f"dbt_project/seeds/{name}.csv", lambda row: row["framework"] != code)
    for path in [*root.glob("dbt_project/models/*/_*.yml"), *root.glob("dbt_project/seeds/_*.yml")]:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind in {"models", "seeds"} & content.keys():
            entries = content[kind]
            content[kind] = [one for one in entries if not one["name"].startswith(f"{code}__")]
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    path = root / "dbt_project" / "dbt_project.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    del content["vars"][code]
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def govindex(
    root: Path,
    *arguments: str,
    framework: str = "internet_service",
    edition: str = "2019",
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Runs the command line of a copied project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVINDEX_")}
    named = ["--framework", framework, "--edition", edition]
    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", *arguments, *named],
        cwd=root,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
