"""Where the time of an annual run goes: three figures for one edition of Chile's index.

  govindex   the whole run: checksums, reading, gate, dbt, publication, Dagster's record
  dbt        `dbt build` of the same models, seeds and tests
  duckdb     the same SQL straight through DuckDB

Each from a clean state and as a process of its own, in turn, ROUNDS times; medians, and
ratios within a round, because a machine's speed drifts. Run it with GOVINDEX_MIRROR set, or
with the network:  .venv/bin/python benchmarks/one_edition.py [--edition 2019] [--rounds 3]
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from graphlib import TopologicalSorter
from pathlib import Path

from dagster_project import dbt_runner
from dagster_project.settings import DBT_PROJECT, Settings

FRAMEWORK = "chile_egi"
BIN = Path(sys.executable).parent


def timed(command: list[str | Path], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak MiB of a command's largest process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    # The kernel keeps the maximum of all children: a smaller one does not show.
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, max(before, after) / 1024


def straight(settings: Settings, edition: str, warehouse: Path) -> list[str | Path]:
    """A process that runs the edition's SQL in order, seeds first, through DuckDB alone."""
    manifest = dbt_runner.manifest(settings)
    nodes = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "seed" or node["name"].startswith(f"{FRAMEWORK}__")
        if node["resource_type"] in ("model", "seed")
    }
    graph = {
        unique_id: [p for p in node["depends_on"].get("nodes", []) if p in nodes]
        for unique_id, node in nodes.items()
    }
    lines = ["import duckdb", f"con = duckdb.connect({str(warehouse)!r})"]
    for unique_id in TopologicalSorter(graph).static_order():
        node = nodes[unique_id]
        if node["resource_type"] == "seed":
            path = DBT_PROJECT / node["original_file_path"]
            select = f"select * from read_csv({str(path)!r}, all_varchar = true)"
        else:
            name = node["name"].partition("__")[2]
            path = settings.state / FRAMEWORK / edition / "sql" / f"{name}.sql"
            select = path.read_text(encoding="utf-8")
        statement = f"create table {node['name']} as {select}"
        lines.append(f"con.execute({statement!r})")
    script = warehouse.with_name("straight.py")
    script.write_text("\n".join(lines), encoding="utf-8")
    return [sys.executable, script]


def main() -> None:
    """Prints the figures as a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edition", default="2019")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    edition = arguments.edition
    seconds: dict[str, list[float]] = {"govindex": [], "dbt": [], "duckdb": []}
    memory = dict.fromkeys(seconds, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        environment = {**os.environ, "GOVINDEX_RAW": str(root / "raw")}
        named = ["--framework", FRAMEWORK, "--edition", edition]
        for number in range(arguments.rounds):
            data = root / str(number)
            data.mkdir()
            environment["GOVINDEX_DATA"] = str(data)
            environment["DBT_LOG_PATH"] = str(data / "dbt")
            subprocess.run([BIN / "govindex", "fetch", *named], env=environment, check=True)
            warehouse = root / f"straight-{number}" / "warehouse.duckdb"
            warehouse.parent.mkdir()
            whole = timed([BIN / "govindex", "run", *named], environment)
            sql = straight(Settings(root / "raw", data), edition, warehouse)
            (data / "warehouse.duckdb").unlink()
            shutil.rmtree(data / "dbt")
            build: list[str | Path] = [BIN / "dbt", "--quiet", "build"]
            build += ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT]
            build += ["--target-path", data / "dbt", "--vars", f'{{"edition": "{edition}"}}']
            build += ["--exclude-resource-type", "unit_test"]
            build += ["--select", f"{FRAMEWORK}__*", "editions"]
            # The register of editions has tests of other frameworks too.
            build += ["--indirect-selection", "cautious"]
            for name, (took, peak) in {
                "duckdb": timed(sql, environment),
                "dbt": timed(build, environment),
                "govindex": whole,
            }.items():
                seconds[name].append(took)
                memory[name] = max(memory[name], peak)
    print(f"{FRAMEWORK} {edition}, {arguments.rounds} rounds")
    print(f"{'':10}{'median s':>10}{'min s':>8}{'max s':>8}{'of govindex':>13}")
    for name, took in seconds.items():
        ratio = statistics.median(a / b for a, b in zip(took, seconds["govindex"], strict=True))
        print(
            f"{name:10}{statistics.median(took):10.2f}{min(took):8.2f}{max(took):8.2f}{ratio:13.2f}"
        )
    print(f"peak memory of the largest process: {memory['govindex']:.0f} MiB (govindex)")


if __name__ == "__main__":
    main()
