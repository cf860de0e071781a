"""dbt's own unit tests, which stand beside the models that they test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import yaml

from dagster_project.settings import DBT_PROJECT

MODELS = DBT_PROJECT / "models"


def unit_tests() -> dict[str, str]:
    """Names of all unit tests, and the model that each tests."""
    return {
        test["name"]: test["model"]
        for path in MODELS.rglob("*.yml")
        for test in yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests", [])
    }


def test_all_unit_tests_pass(computed, surveys, small_project, successor, tmp_path):
    # dbt takes the types of columns from a built warehouse, here with the tables of all.
    shutil.copy(computed.warehouse, tmp_path)
    others = {"small": small_project / "data" / "warehouse.duckdb", "surveys": surveys.warehouse}
    others["successor"] = successor.warehouse
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as warehouse:
        for other, path in others.items():
            warehouse.execute(f"attach '{path}' as {other} (read_only)")
            query = f"select table_name from duckdb_tables() where database_name = '{other}'"
            for (name,) in warehouse.execute(query).fetchall():
                statement = f"create table if not exists {name} as from {other}.{name} limit 0"
                warehouse.execute(statement)
    folders = ["--project-dir", DBT_PROJECT, "--profiles-dir", DBT_PROJECT]
    folders += ["--target-path", tmp_path / "target"]
    dbt = Path(sys.executable).with_name("dbt")
    result = subprocess.run(
        [dbt, "--no-use-colors", "test", "--select", "test_type:unit", *folders],
        env={**os.environ, "GOVINDEX_DATA": str(tmp_path), "DBT_LOG_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert f"PASS={len(unit_tests())} WARN=0 ERROR=0 SKIP=0" in result.stdout
