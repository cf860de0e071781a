"""What-if questions: weights and parameters that are taken instead of those in the files."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from dagster_project.errors import GovIndexError
from dagster_project.provenance import keys_of, method_of

WEIGHT = "weight."
PARAMETER = "parameter."
# Parameters that may differ by indicator.
BY_INDICATOR = ("aggregation", "missing", "rounding", "normalisation")


def parse(texts: Iterable[str], framework: str, dbt_manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Assumptions from `weight.<code>=<number>` and `<parameter>=<value>`, the framework's code
    and a dot in front or not: {"weight.<code>" or "<parameter>": value}.

    Raises GovIndexError for a name that the framework does not have, or a value of another kind.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, written = text.partition("=")
        name = name.strip().removeprefix(f"{framework}.").removeprefix(PARAMETER)
        if not equals or not name or not written.strip():
            raise GovIndexError(
                f"--set {text}: write weight.<indicator>=<number> or <parameter>=<value>"
            )
        try:
            value = yaml.safe_load(written)
        except yaml.YAMLError:
            value = written.strip()
        if name.startswith(WEIGHT):
            _check_weight(text, name.removeprefix(WEIGHT), value, framework, dbt_manifest)
        else:
            _check_parameter(text, name, value, framework, dbt_manifest)
        found[name] = value
    return found


def _check_weight(
    text: str, code: str, value: Any, framework: str, dbt_manifest: Mapping[str, Any]
) -> None:
    known = {
        str(child["code"])
        for node in dbt_manifest["nodes"].values()
        if node["config"].get("meta", {}).get("framework") == framework
        for child in node["config"]["meta"].get("children", [])
    }
    if code not in known:
        raise GovIndexError(
            f"--set {text}: {framework} has no indicator {code} with a weight; known: "
            f"{', '.join(sorted(known))}"
        )
    if not _is_number(value) or value < 0:
        raise GovIndexError(f"--set {text}: a weight is a number that is not negative")


def _check_parameter(
    text: str, name: str, value: Any, framework: str, dbt_manifest: Mapping[str, Any]
) -> None:
    method = method_of(framework)
    name, dot, indicator = name.partition(".")
    if name not in method:
        raise GovIndexError(
            f"--set {text}: {framework} has no parameter {name}; known: "
            f"{', '.join(sorted(method))}, and weight.<indicator>"
        )
    if dot:
        _check_indicator(text, name, indicator, framework, dbt_manifest)
    today = method[name]
    if isinstance(today, dict):
        today = next(iter(today.values()))
    if isinstance(today, list) and today and "value" in today[0]:
        today = today[0]["value"]
    alike = _is_number(value) if _is_number(today) else isinstance(value, type(today))
    if not alike:
        raise GovIndexError(f"--set {text}: takes a value like today's, which is {today}")


def _check_indicator(
    text: str, name: str, indicator: str, framework: str, dbt_manifest: Mapping[str, Any]
) -> None:
    """Raises GovIndexError unless a parameter may differ by indicator and there is such a one."""
    if name not in BY_INDICATOR:
        raise GovIndexError(
            f"--set {text}: {name} is one for the whole framework; by indicator may differ: "
            f"{', '.join(BY_INDICATOR)}"
        )
    known = {
        key
        for node in dbt_manifest["nodes"].values()
        if node["config"].get("meta", {}).get("framework") == framework
        for key in keys_of(node)
    }
    if indicator not in known:
        raise GovIndexError(
            f"--set {text}: {framework} has no indicator or level {indicator}; known: "
            f"{', '.join(sorted(known))}"
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
