"""What a revision carries so that each of its numbers can be explained from it alone.

The readings with their places in the raw files, the points and how their readings become a
value, the formulas in words, what was put in quarantine, the SQL of the points as it ran.
Only gathering: what is made of it stands in dagster_project/explanation.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from jinja2 import nodes

from dagster_project.collection.gate import QUARANTINE_COLUMNS
from dagster_project.collection.landing import quarantine_path
from dagster_project.frameworks import Framework
from dagster_project.provenance import (
    digest,
    macros_of,
    model_ids,
    sql_essence,
    syntax_tree,
)
from dagster_project.registers import rows_in_effect
from dagster_project.settings import Settings

READINGS = "readings"
POINT_VALUES = "point_values"
LANGUAGES = ("zh", "en")
# How children become their parent (parameters `aggregation` and `missing`), in words.
MEANS = {
    "arithmetic": {"zh": "加权平均", "en": "weighted mean"},
    "geometric": {"zh": "加权几何平均", "en": "weighted geometric mean"},
    "harmonic": {"zh": "加权调和平均", "en": "weighted harmonic mean"},
}
MISSING = {
    "rescale": {
        "zh": "缺项不计，其余权重按比例放大",
        "en": "a missing one is left out and the other weights are rescaled",
    },
    "no_score": {
        "zh": "任一缺项则无得分",
        "en": "with one missing there is no score",
    },
    "share_needed": {
        "zh": "缺项不计，其余权重按比例放大；有得分者的权重不足 {0} 则无得分",
        "en": "a missing one is left out and the other weights are rescaled; with less than {0} "
        "of the weights there is no score",
    },
}
# How the rate is rounded (parameter `rounding`).
ROUNDING = {
    "half_up": {"zh": "四舍五入", "en": "rounded half up"},
    "half_even": {"zh": "四舍六入五成双", "en": "rounded half to even"},
}
ROUNDED = {
    "zh": "；得分率按满分 {of} {how}到 {digits} 位小数",
    "en": "; the rate {how} to {digits} decimals, full marks being {of}",
}


def readings(
    warehouse: duckdb.DuckDBPyConnection,
    framework: str,
    edition: str,
    corrections: Sequence[Mapping[str, Any]],
) -> pa.Table:
    """The readings of an edition, ordered by region, point, kind and round.

    Columns framework, edition, region_code, point_code, kind, round, assessor, value, number,
    status, counts, set_aside, evidence, note, read_at, raw_file, sheet, row, column, table,
    correction: the places (from 1, with commas) of the corrections that changed it in the
    list of the manifest.
    """
    # A correction of a column that is a point's own concerns that point alone; one of a cell
    # of a sheet with a column a point concerns the point of that cell.
    warehouse.register("ruled", _ruled(corrections))
    try:
        found: pa.Table = warehouse.sql(
            f"""
            with collected as (
                select *, coalesce(sheet, '') as of_sheet
                from {framework}__{READINGS}
                where edition = $edition
            ),
            met as (
                select
                    collected.raw_file, of_sheet, collected.row, place_column,
                    string_agg(ruled.number::varchar, ',' order by ruled.number) as correction
                from collected
                inner join ruled
                    on collected.raw_file = ruled.file
                        and of_sheet = ruled.sheet
                        and collected.row = ruled.row
                        and (ruled.cell is null or place_column = ruled.cell)
                        and (
                            place_column = ruled.column_name
                            or ruled.column_name not in (select point_code from collected)
                        )
                group by all
            )
            select
                $framework as framework, edition, region_code, point_code, kind, round,
                assessor, value, number, status, counts, set_aside, evidence, note, read_at,
                raw_file, sheet, row, place_column as "column", collected_in as "table",
                met.correction
            from collected
            left join met using (raw_file, of_sheet, row, place_column)
            order by
                region_code, point_code, kind, round, assessor, raw_file, sheet, row, "column"
            """,
            params={"framework": framework, "edition": edition},
        ).to_arrow_table()
    finally:
        warehouse.unregister("ruled")
    return found.combine_chunks()


def _ruled(corrections: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Corrections that changed a value, with their number in the list."""
    rows = [
        {
            "number": number,
            "file": one["file"],
            "sheet": one["sheet"] or "",
            "row": one["row"],
            "column_name": one["column"],
            "cell": one["cell"],
        }
        for number, one in enumerate(corrections, start=1)
    ]
    text = ("file", "sheet", "column_name", "cell")
    schema = pa.schema(
        [("number", pa.int32()), ("row", pa.int64()), *((name, pa.string()) for name in text)]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def tables(
    settings: Settings,
    dbt_manifest: Mapping[str, Any],
    framework: Framework,
    edition: str,
    tree: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables point_list, formulas and quarantine of an edition, framework and edition first.

    point_list: the register of points in effect, with the rule, in words, by which readings
    of a kind become a value (rule_technical, rule_technical_en, ...). formulas: how each
    indicator of the tree is computed (kind: formula, or what a roll-up does with a missing
    child). quarantine: the cells that kept a row out, of all landed tables.
    """
    points = point_list(dbt_manifest, framework, edition)
    found = {
        "point_list": points,
        "formulas": formulas(dbt_manifest, framework, tree, points),
        "quarantine": _quarantined(settings, framework, edition),
    }
    for rows in found.values():
        rows.insert(0, "framework", framework.code)
        rows.insert(1, "edition", edition)
    return found


def point_list(dbt_manifest: Mapping[str, Any], framework: Framework, edition: str) -> pd.DataFrame:
    """The register of points in effect, each column of the type that the seed declares, and
    the rules of merging in words, from the metadata of the readings' model."""
    register = f"{framework.code}__points"
    rows = pd.DataFrame(rows_in_effect(register, framework.code, edition), dtype="str")
    rows = rows.where(rows != "", None)
    types = dbt_manifest["nodes"][f"seed.govindex.{register}"]["config"]["column_types"]
    for column in rows.columns:
        if types.get(column) in ("double", "integer"):
            rows[column] = pd.to_numeric(rows[column]).astype("float64")
    model = dbt_manifest["nodes"][f"model.govindex.{framework.code}__{READINGS}"]
    for kind, rules in model["config"]["meta"]["merging"].items():
        for language, ending in (("zh", ""), ("en", "_en")):
            rows[f"rule_{kind}{ending}"] = rows["point_type"].map(
                lambda of, rules=rules, language=language: rules.get(of, rules.get("any", {})).get(
                    language
                )
            )
    return rows


def words_digest(dbt_manifest: Mapping[str, Any], framework: str) -> str:
    """Hash of the words in which the formulas of a framework and its rules of merging are told."""
    used = {
        macro
        for one in model_ids(dbt_manifest, framework)
        for macro in dbt_manifest["nodes"][one]["depends_on"]["macros"]
    }
    macros = {
        macro["name"]: macro["config"]["meta"] for macro in macros_of(dbt_manifest, sorted(used))
    }
    model = dbt_manifest["nodes"][f"model.govindex.{framework}__{READINGS}"]
    return digest([macros, model["config"]["meta"]])


def formulas(
    dbt_manifest: Mapping[str, Any],
    framework: Framework,
    tree: pd.DataFrame,
    points: pd.DataFrame,
) -> pd.DataFrame:
    """Columns indicator_code, kind, points (with commas), words, words_en; in the tree's order.

    kind: formula, or what a roll-up does with a missing child.
    """
    names = {
        "zh": dict(zip(points["point_code"], points["point_name"], strict=True)),
        "en": dict(zip(points["point_code"], points["point_name_en"], strict=True)),
    }
    rows = []
    for record in tree.to_dict("records"):
        indicator = {str(name): value for name, value in record.items()}
        code = indicator["indicator_code"]
        node = dbt_manifest["nodes"][f"model.govindex.{framework.code}__{code}"]
        meta = node["config"]["meta"]
        row = {"indicator_code": code, "kind": "formula"}
        row["points"] = ",".join(meta.get("points", []))
        if meta["model_kind"] == "indicator":
            call = _formula_of(node["raw_code"])
            chosen = indicator["normalisation"]
            try:
                words = [_words(call, dbt_manifest, one, names[one], chosen) for one in LANGUAGES]
            except (LookupError, nodes.Impossible):
                # An expression that is more than formulas of the library says itself; without
                # what marks nothing, so that it publishes nothing either.
                words = [sql_essence(meta["formula"])] * len(LANGUAGES)
        else:
            row["kind"] = indicator["missing"].partition(" ")[0]
            words = [_words_of_roll_up(indicator, one) for one in LANGUAGES]
        rounding = [_words_of_rounding(indicator["rounding"], one) for one in LANGUAGES]
        rows.append({**row, "words": words[0] + rounding[0], "words_en": words[1] + rounding[1]})
    return pd.DataFrame(rows, columns=["indicator_code", "kind", "points", "words", "words_en"])


def _words_of_roll_up(indicator: Mapping[str, Any], language: str) -> str:
    """How the children of an indicator of the tree become its score."""
    mean = MEANS[indicator["aggregation"]][language]
    rule, _, share = indicator["missing"].partition(" ")
    missing = MISSING[rule][language].format(share)
    if language == "zh":
        return f"下级得分率的{mean}；{missing}"
    return f"{mean} of the children's rates; {missing}"


def _words_of_rounding(rule: str, language: str) -> str:
    """How a rate is rounded; nothing if it is not."""
    if rule == "none":
        return ""
    how, digits, *scale = rule.split()
    return ROUNDED[language].format(
        how=ROUNDING[how][language], digits=digits, of=scale[-1] if scale else "1"
    )


def _formula_of(raw_code: str) -> nodes.Expr:
    """The argument `formula` of an indicator's model."""
    return next(
        keyword.value
        for call in syntax_tree(raw_code).find_all(nodes.Call)
        for keyword in call.kwargs
        if keyword.key == "formula"
    )


def _words(
    node: nodes.Expr,
    dbt_manifest: Mapping[str, Any],
    language: str,
    names: Mapping[str, str],
    normalisation: str | None,
) -> str:
    """An expression of formula macros in words: macros/formulas/_formulas.yml. normalisation: by
    what parameter the formula `normalised` goes, if it stands there.

    Raises LookupError or jinja2.nodes.Impossible for any other expression.
    """

    def say(part: nodes.Expr, pair: str) -> str:
        if isinstance(part, nodes.Call):
            return _words(part, dbt_manifest, language, names, normalisation)
        if isinstance(part, nodes.List):
            comma = "、" if language == "zh" else ", "
            pairs = [item for item in part.items if isinstance(item, nodes.List)]
            if pairs:
                comma = "；" if language == "zh" else "; "
                return comma.join(
                    pair.format(*(say(cell, pair) for cell in item.items)) for item in pairs
                )
            # A point of other editions alone is none of this one.
            known = [
                item
                for item in part.items
                if not isinstance(item, nodes.Const) or item.value in names
            ]
            return comma.join(say(item, pair) for item in known)
        value = part.as_const()
        return names.get(value, value) if isinstance(value, str) else f"{value:g}"

    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
        raise LookupError("no formula of the library")
    name = node.node.name
    macro = dbt_manifest["macros"][f"macro.govindex.{name}"]
    meta = macro["config"]["meta"]
    definition = next(
        one
        for one in syntax_tree(macro["macro_sql"]).find_all(nodes.Macro)
        if one.name == f"dbt_macro__{name}"
    )
    given = dict(zip((one.name for one in definition.args), node.args, strict=False))
    given |= {keyword.key: keyword.value for keyword in node.kwargs}
    said = {one: say(part, meta.get("pair", "")) for one, part in given.items()}
    if name == "normalised" and normalisation:
        method, *rest = normalisation.split()
        marks = "".join(meta[word][language] for word in rest if word in meta)
        return str(meta[method][language]).format(*rest, **said) + marks
    marks = "".join(
        words[language]
        for one, words in meta.get("marks", {}).items()
        if one in given and given[one].as_const() == words["if"]
    )
    return str(meta[language].format(**said)) + marks


def _quarantined(settings: Settings, framework: Framework, edition: str) -> pd.DataFrame:
    """The cells in quarantine of all tables of an edition, with the table's name in front."""
    parts = []
    for table in framework.tables:
        path = quarantine_path(settings, framework.code, edition, table)
        rows = pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
        parts.append(rows.where(rows != "", None).assign(table=table))
    return pd.concat(parts, ignore_index=True)[["table", *QUARANTINE_COLUMNS]]


def models_of_points(dbt_manifest: Mapping[str, Any], framework: str) -> list[str]:
    """Names of the models of the layer `points` that the points' values are made of, without
    the framework."""
    found: set[str] = set()
    queue = [f"model.govindex.{framework}__{POINT_VALUES}"]
    while queue:
        unique_id = queue.pop()
        node = dbt_manifest["nodes"].get(unique_id)
        if node and node["fqn"][1] == "points" and unique_id not in found:
            found.add(unique_id)
            queue += node["depends_on"]["nodes"]
    return sorted(unique_id.rpartition("__")[2] for unique_id in found)
