"""The first files of a new framework, laid once; from then on they are edited by hand.

Nothing that exists is overwritten: two registers (editions.csv, dbt_project.yml) get lines of
the new framework, all else are files of its own. docs/new-framework.md says what to do with them.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from dagster_project.collection import readers
from dagster_project.collection.manifest import MANIFEST, sha256_of
from dagster_project.errors import GovIndexError
from dagster_project.frameworks import FOLDER, framework, framework_codes
from dagster_project.registers import SEEDS, register, rows_in_effect
from dagster_project.settings import DBT_PROJECT, EXPECTATIONS, PROJECT, Settings

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TABLE = "collected"
TOTAL = "total"
# Columns of the table of indicators: those that every row needs, and those it may have.
NEEDED = ("code", "name", "parent", "weight")
OPTIONAL = ("name_en", "definition", "formula", "unit")
# Columns that stand beside those of the points, so that no point can be called so.
TAKEN = {
    *("edition", "object_group", "region_code", "point_code"),
    *("source_file", "source_sheet", "source_row", "is_unsurveyed"),
}
REGION_COLUMNS = ("region_code", "region_name", "aliases", "parent_region")
POINT_COLUMNS = (
    *("point_code", "indicator_code", "point_name", "point_name_en", "point_type", "unit"),
    *("method", "channel", "first_edition", "last_edition", "source"),
)
# Characters of a text that stand on a line of a model, which the linter keeps to 100.
PIECE = 72
# The score tables of every framework, and the macro of each.
SCORE_TABLES = (
    "indicator_tree_table",
    "indicator_scores",
    "rankings",
    "score_statistics",
    "comparable_figures",
    "change_statistics",
    "collection_statistics",
    "statistics",
)


@dataclass(frozen=True)
class Indicator:
    """A line of the table of indicators. weight: of its parent's 100; None of the total."""

    code: str
    name: str
    parent: str
    weight: float | None
    level: int
    name_en: str
    definition: str
    formula: str
    unit: str


@dataclass
class Laid:
    """What was laid: the new files and the lines that registers got, from the project's folder."""

    files: list[str] = field(default_factory=list)
    registers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What a new framework is.

    regions: file of who is assessed, or register: a register that exists; neither of a
    supplement. indicators: file of the table of indicators, or None for two to begin with.
    files: folder of the collected files, CSV with a row a region, or None. supplement_to,
    parent_region: the framework and the province that it is a supplement of.
    """

    code: str
    name: str
    name_en: str
    edition: str
    regions: Path | None = None
    register: str | None = None
    indicators: Path | None = None
    files: Path | None = None
    supplement_to: str | None = None
    parent_region: str | None = None


def new_framework(settings: Settings, wanted: Wanted) -> Laid:
    """Lays the first files of a framework.

    Raises GovIndexError, before anything is written, for a code that is taken, a file that is
    there already, or a table that cannot be used.
    """
    code = wanted.code
    if not CODE.fullmatch(code):
        raise GovIndexError(
            f"--framework {code}: a code has small letters, digits and single underscores, and "
            "begins with a letter (water_service)"
        )
    if code in framework_codes() or f"\n{code}," in _read(SEEDS / "editions.csv"):
        raise GovIndexError(f"--framework {code}: there is a framework of that code already")
    if not re.fullmatch(r"[0-9]{4}", wanted.edition):
        raise GovIndexError(f"--edition {wanted.edition}: an edition is a year, like 2024")
    tree = read_indicators(wanted.indicators) if wanted.indicators else _first_indicators(wanted)
    name, regions, own = _regions(wanted)
    collected = _collected(wanted.files)
    leaves = [one for one in tree if not _children(tree, one.code)]
    headings = _headings(collected, leaves)
    # The columns are declared as the first file calls them; of another the differences are said.
    first = (
        headings[0]
        if headings
        else {"region_code": "region"} | {one.code: one.code for one in leaves}
    )
    new = {
        FOLDER / f"{code}.yaml": _declaration(wanted, name, first),
        EXPECTATIONS / code / f"{TABLE}.json": _suite(code),
        SEEDS / f"{code}__points.csv": _points(leaves),
        SEEDS / f"_{code}__seeds.yml": _seeds(code, own),
        **({SEEDS / f"{code}__assessed.csv": _csv(REGION_COLUMNS, regions)} if own else {}),
        **_models(wanted, name, tree, leaves),
        settings.raw / code / wanted.edition / MANIFEST: _source(wanted, collected, headings),
    }
    for path in (*new, *(settings.raw / code / wanted.edition / one.name for one in collected)):
        if path.exists():
            raise GovIndexError(f"{_shown(settings, path)}: is there already; nothing was written")
    laid = Laid()
    for path, text in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        laid.files.append(_shown(settings, path))
    for file in collected:
        path = settings.raw / code / wanted.edition / file.name
        shutil.copyfile(file, path)
        laid.files.append(_shown(settings, path))
    rows = sum(len(_lines(file)) - 1 for file in collected)
    _add_edition(code, wanted.edition, len(regions), min(rows or len(regions), len(regions)))
    _add_parameters(wanted)
    laid.registers = ["dbt_project/seeds/editions.csv", "dbt_project/dbt_project.yml"]
    # What was read of the registers before is no longer what they are.
    for cached in (framework_codes, framework, register):
        cached.cache_clear()
    return laid


def read_indicators(path: Path) -> list[Indicator]:
    """The table of indicators: a CSV with the columns code, name, parent, weight and, if wanted,
    name_en, definition, formula, unit. The total has the code `total` and no parent; weights
    add up to 100 below each parent.

    Raises GovIndexError that names the row for what does not make a tree.
    """
    rows = _rows(path, NEEDED)
    codes = [row["code"] for row in rows]
    found: dict[str, Indicator] = {}
    waiting = list(enumerate(rows, start=2))
    for number, row in waiting:
        place = f"{path}, row {number}"
        if not CODE.fullmatch(row["code"]):
            raise GovIndexError(
                f"{place}: {row['code']!r} is no code; it has small letters, digits and single "
                "underscores, and begins with a letter"
            )
        if row["code"] in TAKEN | _words_of_sql():
            raise GovIndexError(
                f"{place}: {row['code']} cannot be a code, because SQL or the tables use the word; "
                f"call it {row['code']}_1 or by another word"
            )
        if not row["name"]:
            raise GovIndexError(f"{place}: {row['code']} has no name")
        if codes.count(row["code"]) > 1:
            raise GovIndexError(f"{place}: the code {row['code']} stands there twice")
        if (row["code"] == TOTAL) != (row["parent"] == ""):
            raise GovIndexError(
                f"{place}: the total alone has no parent; give {row['code']} "
                + ("none" if row["code"] == TOTAL else "the code of its parent")
            )
        if row["parent"] and row["parent"] not in codes:
            raise GovIndexError(f"{place}: there is no indicator {row['parent']}, its parent")
    if TOTAL not in codes:
        raise GovIndexError(f"{path}: has no row with the code total; the tree begins with it")
    while waiting:
        ready = [(n, row) for n, row in waiting if not row["parent"] or row["parent"] in found]
        if not ready:
            raise GovIndexError(
                f"{path}, row {waiting[0][0]}: {waiting[0][1]['code']} is above itself"
            )
        for number, row in ready:
            level = found[row["parent"]].level + 1 if row["parent"] else 0
            found[row["code"]] = _indicator(row, level, f"{path}, row {number}")
        waiting = [one for one in waiting if one not in ready]
    tree = sorted(found.values(), key=lambda one: (one.level, codes.index(one.code)))
    for one in tree:
        children = _children(tree, one.code)
        whole = sum(child.weight or 0 for child in children)
        if children and abs(whole - 100) > 1e-6:
            raise GovIndexError(
                f"{path}: the weights below {one.code} add up to {whole:g}; they have to add up "
                "to 100"
            )
    return tree


def _words_of_sql() -> set[str]:
    import duckdb

    found = duckdb.execute(
        "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
    )
    return {word for (word,) in found.fetchall()}


def _indicator(row: Mapping[str, str], level: int, place: str) -> Indicator:
    weight = None
    if row["parent"]:
        try:
            weight = float(row["weight"])
        except ValueError as error:
            raise GovIndexError(f"{place}: the weight {row['weight']!r} is no number") from error
        if weight <= 0:
            raise GovIndexError(f"{place}: the weight {weight:g} has to be above 0")
    for name in ("name", "name_en", "definition"):
        if "'" in row.get(name, "") and '"' in row.get(name, ""):
            raise GovIndexError(f"{place}: {name} has both kinds of quotation marks; leave one out")
    return Indicator(
        code=row["code"],
        name=row["name"] or row["code"],
        parent=row["parent"],
        weight=weight,
        level=level,
        name_en=row.get("name_en") or row["name"] or row["code"],
        definition=row.get("definition") or row["name"] or row["code"],
        formula=row.get("formula") or f"normalised('{row['code']}')",
        unit=row.get("unit", ""),
    )


def _first_indicators(wanted: Wanted) -> list[Indicator]:
    rows = [
        {"code": TOTAL, "name": wanted.name, "name_en": wanted.name_en, "parent": "", "weight": ""},
        {"code": "first_area", "name": "第一项", "name_en": "First area"}
        | {"parent": TOTAL, "weight": "100"},
        {"code": "first_indicator", "name": "第一个指标", "name_en": "First indicator"}
        | {"parent": "first_area", "weight": "100"},
    ]
    return [_indicator(row, level, "") for level, row in enumerate(rows)]


def _children(tree: Sequence[Indicator], code: str) -> list[Indicator]:
    return [one for one in tree if one.parent == code]


def _rows(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file that has the columns needed."""
    if not path.is_file():
        raise GovIndexError(f"{path}: there is no such file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GovIndexError(f"{path}: is not UTF-8; save it as UTF-8") from error
    reader = csv.DictReader(io.StringIO(text))
    heading = list(reader.fieldnames or [])
    if missing := [name for name in needed if name not in heading]:
        raise GovIndexError(
            f"{path}, row 1: has no column {', '.join(missing)}; the columns are "
            f"{', '.join(heading) or 'not named'}, expected at least {', '.join(needed)}"
        )
    rows = []
    for number, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            raise GovIndexError(
                f"{path}, row {number}: has not as many cells as the heading; put text with "
                "commas in quotation marks"
            )
        rows.append({name: (value or "").strip() for name, value in row.items()})
    if not rows:
        raise GovIndexError(f"{path}: has no row below its heading")
    return rows


def _regions(wanted: Wanted) -> tuple[str, list[dict[str, str]], bool]:
    """Name of the register of regions, its rows in the edition, and whether it is a new one."""
    if wanted.supplement_to:
        if not wanted.parent_region or wanted.regions or wanted.register:
            raise GovIndexError(
                "a supplement takes its regions from --supplement-to and --parent-region; leave "
                "--regions and --register out"
            )
        name = framework(wanted.supplement_to).regions
        rows = rows_in_effect(name, wanted.supplement_to, wanted.edition)
        known = sorted({row["parent_region"] for row in rows})
        rows = [row for row in rows if row["parent_region"] == wanted.parent_region]
        if not rows:
            raise GovIndexError(
                f"--parent-region {wanted.parent_region}: {name} has no region of it in "
                f"{wanted.edition}; known: {', '.join(known) or 'none'}"
            )
        return name, rows, False
    if wanted.parent_region:
        raise GovIndexError("--parent-region belongs to a supplement; name --supplement-to too")
    if bool(wanted.regions) == bool(wanted.register):
        raise GovIndexError(
            "say who is assessed: --regions FILE.csv (region_code, region_name), or --register "
            "NAME of one that exists, like divisions"
        )
    if wanted.register:
        needed = {"region_code", "region_name", "parent_region", "first_edition", "last_edition"}
        missing = needed - set(register(wanted.register)[0])
        if missing:
            raise GovIndexError(
                f"--register {wanted.register}: is no register of regions, because it has no "
                f"column {', '.join(sorted(missing))}"
            )
        return wanted.register, rows_in_effect(wanted.register, wanted.code, wanted.edition), False
    assert wanted.regions
    rows = _rows(wanted.regions, ("region_code", "region_name"))
    for number, row in enumerate(rows, start=2):
        if not row["region_code"] or not row["region_name"]:
            raise GovIndexError(f"{wanted.regions}, row {number}: a region has a code and a name")
        if sum(one["region_code"] == row["region_code"] for one in rows) > 1:
            raise GovIndexError(
                f"{wanted.regions}, row {number}: the code {row['region_code']} stands there twice"
            )
    return f"{wanted.code}__assessed", rows, True


def _collected(folder: Path | None) -> list[Path]:
    """The collected files of a folder, CSV."""
    if folder is None:
        return []
    found = sorted(path for path in folder.glob("*.csv") if path.is_file())
    if not found:
        raise GovIndexError(f"{folder}: holds no collected file (.csv)")
    return found


def _lines(file: Path) -> list[list[str]]:
    """The lines of a collected file that are not blank, the heading first."""
    text = io.StringIO(readers.decode(file.read_bytes(), str(file)), newline="")
    return [line for line in csv.reader(text) if line]


def _headings(collected: Sequence[Path], leaves: Sequence[Indicator]) -> list[dict[str, str]]:
    """What the columns are called in each collected file, {column: name in the file}.

    Raises GovIndexError for a file without a column for each indicator of the lowest level.
    """
    found = []
    for file in collected:
        heading = [name.strip() for name in next(iter(_lines(file)), [])]
        names = {"region_code": heading[0] if heading else ""}
        missing = []
        for one in leaves:
            known = [n for n in (one.code, one.name, one.name_en) if n in heading[1:]]
            names[one.code] = known[0] if known else one.code
            missing += [] if known else [f"{one.code} ({one.name})"]
        if missing:
            raise GovIndexError(
                f"{file}, row 1: no column has the code or the name of {', '.join(missing)}; the "
                f"columns are {', '.join(heading) or 'not named'}. Rename a column in a copy of "
                "the file, or name the indicator as the file does"
            )
        found.append(names)
    return found


def _declaration(wanted: Wanted, regions: str, names: Mapping[str, str]) -> str:
    """frameworks/<code>.yaml. names: what the columns are called in the files."""
    columns = {
        code: ({} if named == code else {"in_file": named})
        | {"type": "region" if code == "region_code" else "number"}
        for code, named in names.items()
    }
    content: dict[str, object] = {
        "name": wanted.name,
        "name_en": wanted.name_en,
        "name_zh": wanted.name,
        "owners": [f"team:{wanted.code.replace('_', '-')}"],
        "data_set": wanted.code,
        "regions": regions,
        "points": f"{wanted.code}__points",
    }
    if wanted.supplement_to:
        content |= {"supplement_to": wanted.supplement_to, "parent_region": wanted.parent_region}
    content["tables"] = {
        TABLE: {
            "description": "What was collected, one row a region",
            "readers": {"csv": "csv"},
            "other_columns": "left out",
            "columns": columns,
        }
    }
    return _yaml(content)


def _suite(code: str) -> str:
    return (
        json.dumps(
            {"name": f"{code}.{TABLE}", "like": "one_row_a_region", "expectations": []}, indent=2
        )
        + "\n"
    )


def _points(leaves: Sequence[Indicator]) -> str:
    rows = [
        {
            "point_code": one.code,
            "indicator_code": one.code,
            "point_name": one.name,
            "point_name_en": one.name_en,
            "point_type": "volume",
            "unit": one.unit,
            "method": "technical",
        }
        for one in leaves
    ]
    return _csv(POINT_COLUMNS, rows)


def _seeds(code: str, own_regions: bool) -> str:
    def seed(name: str, description: str, columns: Sequence[str]) -> dict[str, object]:
        types = dict.fromkeys(columns, "varchar")
        return {"name": name, "description": description, "config": {"column_types": types}}

    seeds = [seed(f"{code}__points", "What is measured", POINT_COLUMNS)]
    if own_regions:
        columns = (*REGION_COLUMNS, "first_edition", "last_edition")
        seeds.append(seed(f"{code}__assessed", "Register of who is assessed", columns))
    return _yaml({"version": 2, "seeds": seeds})


def _models(
    wanted: Wanted, regions: str, tree: Sequence[Indicator], leaves: Sequence[Indicator]
) -> dict[Path, str]:
    code = wanted.code
    models = DBT_PROJECT / "models"
    points = ",\n".join(f"    '{one.code}'" for one in leaves)
    columns = ",\n".join(f"    '{one.code}': 'double'" for one in leaves)
    others = [
        name for name in ("region_class", "economic_region") if name in _columns_of(regions, wanted)
    ]
    asked = f"'{regions}'" + (f", {others}" if others else "")
    if wanted.parent_region:
        asked += f", parent_region='{wanted.parent_region}'"
    found = {
        models / "staging" / code / f"_{code}.yml": _TESTS.format(code=code, table=TABLE),
        models / "staging" / code / f"{code}__regions.sql": f"{{{{ assessed_regions({asked}) }}}}",
        models / "staging" / code / f"{code}__{TABLE}.sql": (
            f"{{{{ collected_columns('{TABLE}', {{\n{columns},\n}}) }}}}"
        ),
        models / "staging" / code / f"{code}__cleaning.sql": f"{{{{ cleaning(['{TABLE}']) }}}}",
        models / "points" / code / f"{code}__point_values.sql": (
            f"{{{{ points_in_columns('{TABLE}', [\n{points},\n]) }}}}"
        ),
        models / "points" / code / f"{code}__readings.sql": (
            f"{{{{ readings_in_columns('{TABLE}', [\n{points},\n]) }}}}"
        ),
    }
    for macro in SCORE_TABLES:
        name = macro.removesuffix("_table")
        found[models / "scores" / code / f"{code}__{name}.sql"] = f"{{{{ {macro}() }}}}"
    for one in tree:
        folder = models / "indicators" / code
        if one.code != TOTAL:
            folder = folder / f"level_{one.level}"
        children = _children(tree, one.code)
        found[folder / f"{code}__{one.code}.sql"] = (
            _roll_up(one, children) if children else _leaf(one)
        )
    return {path: text.rstrip("\n") + "\n" for path, text in found.items()}


def _columns_of(regions: str, wanted: Wanted) -> list[str]:
    return [] if regions == f"{wanted.code}__assessed" else list(register(regions)[0])


def _quoted(text: str) -> str:
    """A text as a literal of a template; a long one in pieces, a line each."""
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [""]
    return "\n        ~ ".join(
        json.dumps(one, ensure_ascii=False) if "'" in one or "\\" in one else f"'{one}'"
        for one in pieces
    )


def _leaf(one: Indicator) -> str:
    return f"""{{{{ indicator(
    name={_quoted(one.name)},
    name_en={_quoted(one.name_en)},
    definition={_quoted(one.definition)},
    points=['{one.code}'],
    formula={one.formula},
) }}}}"""


def _roll_up(one: Indicator, children: Sequence[Indicator]) -> str:
    listed = "\n".join(
        f"        {{'code': '{child.code}', 'weight': {child.weight:g}}}," for child in children
    )
    return f"""{{{{ roll_up(
    name={_quoted(one.name)},
    name_en={_quoted(one.name_en)},
    definition={_quoted(one.definition)},
    children=[
{listed}
    ],
) }}}}"""


_TESTS = """version: 2

sources:
  - {{name: {code}, tables: [{{name: {table}}}]}}

models:
  - name: {code}__regions
    data_tests:
      - rows_per_edition: {{arguments: {{framework: {code}, register_column: expected_regions}}}}
  - name: {code}__cleaning
    data_tests:
      - one_row_per: {{arguments: {{columns: [collected_table, kind, reason]}}}}
  - name: {code}__point_values
    data_tests:
      - one_row_per: {{arguments: {{columns: [object_group, region_code, point_code]}}}}
  - name: {code}__readings
    data_tests:
      - one_row_per: {{arguments: {{columns: [region_code, point_code]}}}}
  - name: {code}__indicator_tree
    data_tests:
      - weights_match_maximum: {{arguments: {{framework: {code}}}}}
  - name: {code}__indicator_scores
    data_tests:
      - one_row_per: {{arguments: {{columns: [object_group, region_code, indicator_code]}}}}
      - score_within_maximum
      - every_region_every_indicator: {{arguments: {{framework: {code}}}}}
  - name: {code}__rankings
    data_tests:
      - rows_per_edition: {{arguments: {{framework: {code}, register_column: expected_regions}}}}
"""


def _source(
    wanted: Wanted, collected: Sequence[Path], headings: Sequence[Mapping[str, str]]
) -> str:
    files: dict[str, dict[str, object]] = {}
    for file, names in zip(collected, headings, strict=True):
        others = {code: name for code, name in names.items() if name != headings[0][code]}
        about = {"table": TABLE, "sha256": sha256_of(file), "size": file.stat().st_size}
        files[file.name] = about | ({"columns": others} if others else {})
    files = files or {
        f"{wanted.code}_{wanted.edition}.csv": {"table": TABLE, "sha256": "0" * 64, "size": 0}
    }
    return _yaml(
        {
            "title": f"{wanted.name_en} {wanted.edition}",
            "producer": "to be named: who collected it",
            "address": "to be named: where it is described",
            "licence": "to be named",
            "collected_on": wanted.edition,
            "synthetic": False,
            "files": files,
        }
    )


def _add_edition(code: str, edition: str, regions: int, collected: int) -> None:
    path = SEEDS / "editions.csv"
    text = _read(path)
    line = f"{code},{edition},{regions},{collected},1,,,,to be named\n"
    path.write_text(text + ("" if text.endswith("\n") else "\n") + line, encoding="utf-8")


def _add_parameters(wanted: Wanted) -> None:
    path = DBT_PROJECT / "dbt_project.yml"
    before, models, after = _read(path).partition("\nmodels:\n")
    block = f"  # {wanted.name_en}\n  {wanted.code}:\n    basis: percent\n    maximum: 100\n"
    path.write_text(f"{before.rstrip()}\n\n{block}{models}{after}", encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    names = list(columns)
    if "last_edition" not in names:
        names += ["first_edition", "last_edition"]
    writer = csv.DictWriter(text, names, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _yaml(content: Mapping[str, object]) -> str:
    return yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )


def _shown(settings: Settings, path: Path) -> str:
    if path.is_relative_to(PROJECT):
        return path.relative_to(PROJECT).as_posix()
    return f"raw/{path.relative_to(settings.raw).as_posix()}"
