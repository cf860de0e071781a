"""dbt's own unit tests, which stand beside the models that they test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def test_all_unit_tests_pass(computed, tmp_path):
    # dbt takes the types of columns from a built warehouse.
    shutil.copy(computed.warehouse, tmp_path)
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


def test_every_formula_has_a_unit_test():
    formulas = {path.stem for path in (DBT_PROJECT / "macros" / "formulas").glob("*.sql")}
    tested = set(unit_tests().values())
    used = {
        formula
        for formula in formulas
        for path in (MODELS / "indicators").rglob("*.sql")
        if path.stem in tested and f"{formula}(" in path.read_text(encoding="utf-8")
    }
    assert used == formulas
