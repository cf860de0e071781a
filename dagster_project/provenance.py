"""What a stored result follows from: one fingerprint per asset and edition.

The fingerprint is the data version of each materialisation; nothing else decides what is
stale, and nothing here opens the warehouse. It is made of parts, {cause: {place: hash}},
which are kept, so that a difference can be named later.
"""

import ast
import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jinja2 import nodes

from dagster_project.collection import corrections, gate, landing, manifest, readers, workbooks
from dagster_project.errors import GovIndexError
from dagster_project.files import write_aside
from dagster_project.frameworks import Framework
from dagster_project.frameworks import framework as framework_of
from dagster_project.registers import (
    break_before,
    editions,
    in_effect,
    previous_edition,
    rows_in_effect,
)
from dagster_project.settings import DBT_PROJECT, Settings

RANGE = ("first_edition", "last_edition")
IN_WAREHOUSE = ("staging", "points", "indicators", "scores", "analysis")
# What reads, audits and lands collected files, and what computes the models; the version of dbt
# stands for its own macros, which are in no fingerprint.
READERS = ("pandas", "pyarrow", "python-calamine", "great-expectations")
COMPILERS = ("dbt-core", "dbt-duckdb")
Parts = dict[str, dict[str, str]]
# Instead of the hash of a source.yml that cannot be understood.
UNREADABLE = "unreadable"
# Instead of the hash of a raw file of which source.yml knows nothing.
UNLISTED = "unlisted"
# How many results before the last are remembered.
KEPT = 3
# What became of a result whose last run did not end.
UNFINISHED = "a run that did not end"
# Between a model and the edition, not the present one, of which it is an input.
PREVIOUS = " of "


@dataclass(frozen=True)
class Fingerprint:
    """Of one asset and edition: its parts by cause and place, and the hash of them all."""

    parts: Parts

    @property
    def value(self) -> str:
        return digest(self.parts)


def digest(content: Any) -> str:
    """Hash of a value of lists, dicts, texts and numbers; the order of keys does not count."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _version(library: str) -> str:
    return version(library)


def engines(libraries: Sequence[str]) -> dict[str, str]:
    """The versions of libraries, and of the DuckDB that is at work."""
    import duckdb

    return {"duckdb": duckdb.__version__, **{name: _version(name) for name in libraries}}


def changed_places(before: Parts, after: Parts) -> list[tuple[str, str]]:
    """Cause and place of every part that differs, in order."""
    unreadable = [place for place, value in after.get("raw", {}).items() if value == UNREADABLE]
    if unreadable:
        return [("raw", unreadable[0])]
    return sorted(
        (cause, place)
        for cause in {*before, *after}
        for place in {*before.get(cause, {}), *after.get(cause, {})}
        if before.get(cause, {}).get(place) != after.get(cause, {}).get(place)
    )


class Provenance:
    """Fingerprints of all assets of a framework, from today's files.

    A test is no part of what it tests: whether a result passes changes nothing in it. So a
    parameter, register or macro that only tests read marks nothing; the next run of the model
    holds it against the new bound, and what fails there is not stored.

    dbt_manifest: dbt's manifest as a dict. as_stored: what is read of the edition before counts
    as it lies in the warehouse, not as today's files would make it: so for what is computed now
    from those tables. as_found: raw files count as they lie there, also where source.yml says
    otherwise of them. assumed: weights and parameters that are taken instead of those in the
    files, {"weight.<code>" or "<parameter>": value}.
    """

    def __init__(
        self,
        settings: Settings,
        framework: Framework,
        dbt_manifest: Mapping[str, Any],
        as_stored: bool = False,
        as_found: bool = False,
        assumed: Mapping[str, Any] | None = None,
    ) -> None:
        self._as_stored = as_stored
        self._as_found = as_found
        self._settings = settings
        self._framework = framework
        self._manifest = dbt_manifest
        self._assumed = assumed or {}
        self._known: dict[tuple[str, str], Fingerprint] = {}
        self._raw: dict[str, Fingerprint] = {}
        self._registers: dict[tuple[str, str], str] = {}
        self._names: dict[str, dict[str, str]] = {}

    def raw(self, edition: str) -> Fingerprint:
        """Of an edition's collected files, of its corrections, and of what source.yml says
        about how to read them. Titles, licences, addresses (see `described`) and the time of a
        file are not part of it, so fetching identical bytes again changes nothing."""
        if edition not in self._raw:
            self._raw[edition] = self._raw_of(edition)
        return self._raw[edition]

    def _raw_of(self, edition: str) -> Fingerprint:
        code = self._framework.code
        folder = manifest.edition_folder(self._settings, code, edition)
        ruled = folder / manifest.CORRECTIONS
        parts: Parts = {"raw": {}, "correction": {}}
        try:
            source = manifest.load_source(self._settings, code, edition)
        except GovIndexError:
            if not self._as_found:
                raise
            # Which files count nobody knows, so all that is made of them is in doubt.
            lost = folder / manifest.MANIFEST if folder.is_dir() else folder
            return Fingerprint({**parts, "raw": {manifest.shown(self._settings, lost): UNREADABLE}})
        for name, entry in source.files.items():
            path = folder / name
            checksum = entry.sha256
            if self._as_found:
                checksum = manifest.sha256_of(path) if path.is_file() else "missing"
            parts["raw"][manifest.shown(self._settings, path)] = digest(
                [checksum, entry.table, entry.columns, source.synthetic]
            )
        if self._as_found:
            for path in manifest.unlisted(self._settings, code, edition, source):
                parts["raw"][manifest.shown(self._settings, path)] = UNLISTED
        if ruled.is_file():
            place = manifest.shown(self._settings, ruled)
            parts["correction"][place] = manifest.sha256_of(ruled)
        return Fingerprint(parts)

    def described(self, edition: str) -> dict[str, str]:
        """Of what source.yml says of an edition for its readers, by place: title, producer,
        address and licence. Nothing is computed from them, but they are published."""
        folder = manifest.edition_folder(self._settings, self._framework.code, edition)
        try:
            source = manifest.load_source(self._settings, self._framework.code, edition)
        except GovIndexError:
            return self.raw(edition).parts["raw"]
        said = [source.title, source.producer, source.address, source.licence]
        return {manifest.shown(self._settings, folder / manifest.MANIFEST): digest(said)}

    def landed(self, table: str, edition: str) -> Fingerprint:
        """Of a landed table: raw files, reader, suite, what the suite knows of registers, and the
        DuckDB that reads it."""
        if (table, edition) not in self._known:
            self._known[table, edition] = self._landed(table, edition)
        return self._known[table, edition]

    def _landed(self, table: str, edition: str) -> Fingerprint:
        declared = self._framework.tables[table]
        if edition not in self._names:
            self._names[edition] = self._framework.names(edition)["region"]
        known = gate.parameters(self._framework, declared, edition)
        codes = known.pop("region_codes")
        points = _of_edition(self._framework.point_rows(edition), edition)
        register = {
            "seeds/editions.csv": digest(known),
            f"seeds/{self._framework.regions}.csv": digest([codes, self._names[edition]]),
        }
        if points:
            register[f"seeds/{self._framework.points}.csv"] = digest(points)
        return Fingerprint(
            {
                **self.raw(edition).parts,
                **self._landing_code(table, edition),
                "register": register,
                "engine": engines(READERS),
            }
        )

    def _landing_code(self, table: str, edition: str) -> Parts:
        """What the reader and the suite of a table are in an edition."""
        declared = self._framework.tables[table]
        columns = {
            name: column.model_dump(exclude=set(RANGE))
            for name, column in declared.columns_in(edition).items()
        }
        suite = gate.load_suite(self._framework.code, table)
        return {
            "reader": {
                f"frameworks/{self._framework.code}.yaml": digest(
                    [
                        columns,
                        declared.readers,
                        declared.blank,
                        declared.other_columns,
                        declared.optional,
                    ]
                ),
                **{
                    f"collection/{module.__name__.rpartition('.')[2]}.py": python_code(
                        module.__name__
                    )
                    for module in (readers, workbooks, corrections, gate, landing)
                },
            },
            "suite": {f"expectations/{self._framework.code}/{table}.json": digest(suite)},
        }

    def landing_code_version(self, table: str) -> str:
        """Hash of the reader and the suite of a table over all editions, for display."""
        return digest(
            {
                line.edition: self._landing_code(table, line.edition)
                for line in editions(self._framework.code)
            }
        )

    def model(self, unique_id: str, edition: str) -> Fingerprint:
        """Of a dbt model: its code and its macros', weights, parameters, register rows, inputs."""
        if (unique_id, edition) not in self._known:
            self._known[unique_id, edition] = self._model(unique_id, edition)
        return self._known[unique_id, edition]

    def computed_before(self, edition: str) -> str | None:
        """The edition before, if all that this edition's models read of it lies in the
        warehouse; else None."""
        previous = previous_edition(self._framework.code, edition)
        read = {
            parent
            for node in self._manifest["nodes"].values()
            if node["name"].startswith(f"{self._framework.code}__") and reads_previous(node)
            for parent in _models_among(node["depends_on"]["nodes"])
        }
        there = previous and read and all(self._stored(model, previous) for model in read)
        return previous if there else None

    def computed_before_break(self, edition: str) -> str | None:
        """The last edition of the framework before, if this edition follows the break and all
        that its models read of that framework lies in the warehouse; else None."""
        broken = break_before(self._framework.code, edition)
        if broken is None:
            return None
        read = {
            parent
            for node in self._manifest["nodes"].values()
            if node["name"].startswith(f"{self._framework.code}__")
            for parent in models_of_others(node)
        }
        there = read and all(self._stored(model, broken.predecessor_edition) for model in read)
        return broken.predecessor_edition if there else None

    def _stored(self, model: str, edition: str) -> str | None:
        """The fingerprint with which a model's rows of an edition lie in the warehouse."""
        return remembered(self._settings, key_of(self._manifest["nodes"][model]), edition)

    def _of_previous(self, node: Mapping[str, Any], edition: str) -> dict[str, str]:
        """Fingerprints of what a model reads of the edition before: of an edition that has
        files, as they make it; of one that is not to be had any more, as it was computed."""
        previous = previous_edition(self._framework.code, edition)
        if not previous:
            return {}
        models = _models_among(node["depends_on"]["nodes"])
        today = not self._as_stored and previous in manifest.editions_with_files(
            self._settings, self._framework.code
        )
        if today:
            return {f"{one}{PREVIOUS}{previous}": self.model(one, previous).value for one in models}
        if not self.computed_before(edition):
            return {}
        return {f"{one}{PREVIOUS}{previous}": str(self._stored(one, previous)) for one in models}

    def _across_break(self, node: Mapping[str, Any], edition: str) -> dict[str, str]:
        """Fingerprints of what a model reads of the framework before, in the edition that
        follows the break: as of the edition before."""
        broken = break_before(self._framework.code, edition)
        models = models_of_others(node)
        if broken is None or not models:
            return {}
        before = broken.predecessor_edition
        if not self._as_stored and before in manifest.editions_with_files(
            self._settings, broken.predecessor
        ):
            known = Provenance(self._settings, framework_of(broken.predecessor), self._manifest)
            return {f"{one}{PREVIOUS}{before}": known.model(one, before).value for one in models}
        if not self.computed_before_break(edition):
            return {}
        return {f"{one}{PREVIOUS}{before}": str(self._stored(one, before)) for one in models}

    def earlier(self, models: Sequence[str], edition: str) -> list[str]:
        """The editions before of which all these models lie in the warehouse."""
        return [
            line.edition
            for line in editions(self._framework.code)
            if line.edition < edition and all(self._stored(one, line.edition) for one in models)
        ]

    def published(self, models: Sequence[str], edition: str, modules: Sequence[str]) -> Fingerprint:
        """Of an edition's published tables: the models that they show, and the code that
        writes them (names of Python modules).

        Not what a revision tells of the editions before: it tells of them as they were when it
        was made, so that a change of an old edition does not undo all later ones."""
        return Fingerprint(
            {
                "upstream": {model: self.model(model, edition).value for model in models},
                "code": {
                    f"{module.replace('.', '/')}.py": python_code(module) for module in modules
                },
            }
        )

    def code_version(self, unique_id: str) -> str:
        """Hash of a model's own code, weights and parameters over all editions, for display."""
        return digest(self._own_parts(self._manifest["nodes"][unique_id], None))

    def _model(self, unique_id: str, edition: str) -> Fingerprint:
        node = self._manifest["nodes"][unique_id]
        parts = self._own_parts(node, edition)
        parts |= {"register": {}, "upstream": {}, "engine": engines(COMPILERS)}
        for parent in node["depends_on"]["nodes"]:
            kind = parent.partition(".")[0]
            name = parent.rpartition(".")[2]
            if kind == "seed":
                parts["register"][f"seeds/{name}.csv"] = self._register(name, edition)
            elif kind == "source":
                parts["upstream"][f"landing/{name}"] = self.landed(name, edition).value
            elif parent not in models_of_others(node):
                parts["upstream"][parent] = self.model(parent, edition).value
        if reads_previous(node):
            parts["upstream"] |= self._of_previous(node, edition)
        parts["upstream"] |= self._across_break(node, edition)
        return Fingerprint(parts)

    def _register(self, name: str, edition: str) -> str:
        """Hash of the rows of a register that concern an edition, and of how its columns are
        typed; many models read the same."""
        if (name, edition) not in self._registers:
            rows = rows_in_effect(name, self._framework.code, edition)
            seed = self._manifest["nodes"][f"seed.govindex.{name}"]
            types = seed["config"]["column_types"]
            self._registers[name, edition] = digest([types, _of_edition(rows, edition)])
        return self._registers[name, edition]

    def _own_parts(self, node: Mapping[str, Any], edition: str | None) -> Parts:
        """What a model's files say: code, weights and parameters; of all editions if None."""
        place = node["original_file_path"]
        template = _template(node["raw_code"], edition)
        columns = [[name, column["data_type"]] for name, column in node["columns"].items()]
        parts: Parts = {
            "code": {place: digest([template.code, columns])},
            "weight": self._weights(place, template.weights),
            "parameter": {},
        }
        parameters = set(template.parameters)
        here = set(template.parameters_here)
        # The materialization is a macro that no model names.
        used = f"macro.govindex.materialization_{node['config']['materialized']}_duckdb"
        for macro in macros_of(self._manifest, [*node["depends_on"]["macros"], used]):
            code = _template(macro["macro_sql"], edition)
            parameters |= code.parameters
            here |= code.parameters_here
            parts["code"][f"{macro['original_file_path']}: {macro['name']}"] = code.digest
        for name in sorted(parameters | here):
            value = self._parameter(name, None if name in parameters else node)
            where = f"dbt_project.yml: {self._framework.code}.{name}"
            parts["parameter"][where] = digest(_of_edition(value, edition))
        return parts

    def _parameter(self, name: str, node: Mapping[str, Any] | None) -> Any:
        """A parameter of the method, with what is assumed; of one that may differ by indicator,
        what counts for a node, or all of it if there is none (macro of_node)."""
        value = method_of(self._framework.code).get(name)
        nodes_assumed = {
            key.partition(".")[2]: assumed
            for key, assumed in self._assumed.items()
            if key.startswith(f"{name}.")
        }
        if node is None:
            value = self._assumed.get(name, value)
            return [value, nodes_assumed] if nodes_assumed else value
        keys = keys_of(node)
        for key in keys:
            if key in nodes_assumed:
                return nodes_assumed[key]
        if name in self._assumed:
            return self._assumed[name]
        if not isinstance(value, dict):
            return value
        return next((value[key] for key in (*keys, "default") if key in value), None)

    def _weights(self, place: str, children: Sequence[Any]) -> dict[str, str]:
        """The children of a roll-up one by one, and their order."""
        entries: dict[str, list[Any]] = {}
        for child in children:
            code = str(child["code"]) if isinstance(child, dict) else ""
            if f"weight.{code}" in self._assumed:
                child = {**child, "weight": self._assumed[f"weight.{code}"]}
            entries.setdefault(code, []).append(child)
        found = {f"{place}: {code}": digest(entry) for code, entry in entries.items()}
        return {place: digest(list(entries)), **found} if found else {}


def macros_of(
    dbt_manifest: Mapping[str, Any], unique_ids: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The project's own macros that these reach, however deep; dbt's own are left out."""
    seen: set[str] = set()
    queue = list(unique_ids)
    while queue:
        unique_id = queue.pop()
        if unique_id in seen or not unique_id.startswith("macro.govindex."):
            continue
        seen.add(unique_id)
        macro = dbt_manifest["macros"].get(unique_id)
        if macro:
            queue += macro["depends_on"]["macros"]
            yield macro


def reads_previous(node: Mapping[str, Any]) -> bool:
    """Whether a dbt node reads its models of the edition before too."""
    return bool(node["config"].get("meta", {}).get("reads_previous_edition"))


def models_of_others(node: Mapping[str, Any]) -> list[str]:
    """The models of another framework that a dbt node reads: across a break."""
    own = node["name"].partition("__")[0]
    models = _models_among(node.get("depends_on", {}).get("nodes", []))
    return [one for one in models if one.rpartition(".")[2].partition("__")[0] != own]


def _models_among(unique_ids: Sequence[str]) -> list[str]:
    return [one for one in unique_ids if one.startswith("model.")]


@cache
def _dbt_vars() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8")
    )
    variables: dict[str, Any] = content.get("vars", {})
    return variables


def method_of(framework: str) -> dict[str, Any]:
    """The parameters of a framework's method, as dbt_project.yml has them; with the default of
    those that the framework does not name."""
    variables = _dbt_vars()
    return {**variables.get("method", {}), **variables.get(framework, {})}


def keys_of(node: Mapping[str, Any]) -> tuple[str, str]:
    """By which a parameter may differ for an indicator: its code, and its level as `level_N`."""
    folder = next((one for one in node["fqn"] if one.startswith("level_")), "level_0")
    return (node["name"].partition("__")[2], folder)


def _of_edition(value: Any, edition: str | None) -> Any:
    """A value without the entries of other editions and without the ranges themselves; the
    value as it is if the edition is None."""
    if edition is None:
        return value
    if isinstance(value, list):
        kept = [e for e in value if not isinstance(e, dict) or in_effect(e, edition)]
        return [_of_edition(entry, edition) for entry in kept]
    if isinstance(value, dict):
        return {k: _of_edition(entry, edition) for k, entry in value.items() if k not in RANGE}
    return value


@cache
def python_code(module: str) -> str:
    """Hash of a module's code without comments, docstrings and white space; the module is
    read, not imported."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(module)
    tree = ast.parse(Path(found.origin).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return digest(ast.dump(tree))


class _Template:
    """A model or macro as far as it counts in an edition, or in any if the edition is None.

    code: its Jinja and SQL without comments and white space, without weights and without
    entries of other editions; texts in quotation marks as they are, in Jinja too, because a
    blank in a name or a pattern is part of it. weights: the children of a roll-up that count.
    parameters: names of the method's parameters that it reads; parameters_here: of those of
    which it reads only what counts for the indicator itself.
    """

    def __init__(self, text: str, edition: str | None) -> None:
        self._edition = edition
        self._sql = _SqlText()
        self.weights: list[Any] = []
        self.parameters: set[str] = set()
        self.parameters_here: set[str] = set()
        tree = syntax_tree(text)
        for call in tree.find_all(nodes.Call):
            name = call.node.name if isinstance(call.node, nodes.Name) and call.args else ""
            if name in ("parameter", "parameter_of_node"):
                self.parameters.add(str(call.args[0].as_const()))
            elif name == "parameter_here":
                self.parameters_here.add(str(call.args[0].as_const()))
        self.code = self._dump(tree)

    @cached_property
    def digest(self) -> str:
        """Hash of the code; a macro is used by many models."""
        return digest(self.code)

    def _dump(self, node: Any) -> Any:
        """A node as lists and texts, without its place in the file."""
        if isinstance(node, nodes.TemplateData):
            return self._sql.essence(node.data)
        if isinstance(node, nodes.Output):
            # A comment of Jinja parts text in two, and is no part of it.
            whole: list[nodes.Expr] = []
            for one in node.nodes:
                last = whole[-1] if whole else None
                if isinstance(one, nodes.TemplateData) and isinstance(last, nodes.TemplateData):
                    whole[-1] = nodes.TemplateData(last.data + one.data)
                else:
                    whole.append(one)
            dumped = self._dump(whole)
            return ["Output", dumped] if dumped else ""
        if isinstance(node, nodes.Keyword) and node.key == "children":
            self.weights += self._of_edition(node.value)
            return "children"
        if isinstance(node, nodes.Keyword) and node.key in RANGE and self._edition:
            return in_effect({node.key: node.value.as_const()}, self._edition)
        if isinstance(node, nodes.List):
            return ["List", self._of_edition(node)]
        if isinstance(node, nodes.Node):
            parts = [self._dump(value) for _, value in node.iter_fields()]
            # Text of comments and blanks alone is nothing.
            return "" if parts == [[]] else [type(node).__name__, *parts]
        if isinstance(node, (list, tuple)):
            return [part for entry in node if (part := self._dump(entry)) != ""]
        return node

    def _of_edition(self, node: nodes.Expr) -> list[Any]:
        """Entries of a list literal that count, without their ranges of editions."""
        try:
            return list(_of_edition(node.as_const(), self._edition))
        except (nodes.Impossible, TypeError):
            entries = node.items if isinstance(node, nodes.List) else [node]
            return [self._dump(entry) for entry in entries]


@cache
def syntax_tree(text: str) -> nodes.Template:
    """A model or macro as Jinja reads it."""
    from dbt_common.clients.jinja import get_environment

    return get_environment().parse(text.strip())


# Of an entry: the editions in which it counts.
_RANGED: re.Pattern[str] = re.compile(r"(first|last)_edition|['\"]edition['\"]")


def _template(text: str, edition: str | None) -> _Template:
    """A model or macro as far as it counts in an edition; most say the same in every edition."""
    return _template_of(text, edition if _ranged(text) else None)


@cache
def _ranged(text: str) -> bool:
    return _RANGED.search(text) is not None


@cache
def _template_of(text: str, edition: str | None) -> _Template:
    return _Template(text, edition)


class _SqlText:
    """SQL without comments and with single spaces; what is quoted stays as it is.

    Templates come in pieces, and a quotation or comment may go over several. Blanks at the
    ends of a piece do not count.
    """

    _END: ClassVar = {"'": "'", '"': '"', "--": "\n", "/*": "*/"}
    # Openings, blanks, and what lies between them.
    _TOKEN: ClassVar = re.compile(r"--|/\*|['\"]|\s+|[^\s'\"/-]+|[/-]")

    def __init__(self) -> None:
        self._inside = ""

    def essence(self, text: str) -> str:
        kept: list[str] = []
        position = 0
        blank = False
        while position < len(text):
            if self._inside:
                ending = self._END[self._inside]
                quoted = self._inside in "'\""
                end = text.find(ending, position)
                found = end >= 0
                end = end + len(ending) if found else len(text)
                if quoted:
                    kept.append(text[position:end])
                elif found:
                    blank = True
                if found:
                    self._inside = ""
                position = end
                continue
            token = self._TOKEN.match(text, position)
            assert token is not None
            part = token[0]
            position = token.end()
            if part in self._END:
                self._inside = part
                if part in "'\"":
                    kept.append(part)
                    blank = False
            elif part.isspace():
                blank = True
            else:
                if blank and kept and _parted(kept[-1][-1], part[0]):
                    kept.append(" ")
                kept.append(part)
                blank = False
        return "".join(kept)


def sql_essence(text: str) -> str:
    """SQL, without templates, as far as it counts: without comments and white space."""
    return _SqlText().essence(text)


def _parted(left: str, right: str) -> bool:
    """Whether a blank counts: between two words, or where a comment would begin without it."""
    return (_word(left) and _word(right)) or left + right in ("--", "/*")


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"


# What the last run stored.


def key_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Framework, layer and name of a dbt node as an asset: a model by its layer, a source as
    the landed table that it is, a seed as a register."""
    if node["resource_type"] == "source":
        return (node["source_name"], "landing", node["name"])
    framework, _, name = node["name"].rpartition("__")
    if node["resource_type"] == "seed":
        return tuple(part for part in (framework, "registers", name) if part)
    return (framework, node["fqn"][1], name)


def model_ids(dbt_manifest: Mapping[str, Any], framework: str) -> list[str]:
    """Unique ids of a framework's models."""
    return sorted(
        unique_id
        for unique_id, node in dbt_manifest["nodes"].items()
        if node["resource_type"] == "model" and node["name"].startswith(f"{framework}__")
    )


def _state_path(settings: Settings, key: Sequence[str], edition: str) -> Path:
    framework, layer, name = key
    return settings.state / framework / edition / f"{layer}.{name}.json"


def remember(
    settings: Settings, key: Sequence[str], edition: str, fingerprint: Fingerprint, run: str
) -> None:
    """Stores the fingerprint of an asset (framework, layer, name) that was just materialised."""
    content = {
        "fingerprint": fingerprint.value,
        "run": run,
        "warehouse": warehouse_id(settings),
        "parts": fingerprint.parts,
        "replaced": _replaced(_state_path(settings, key, edition), fingerprint.value),
    }
    write_aside(_state_path(settings, key, edition), _as_stored(content))


def _replaced(path: Path, fingerprint: str) -> dict[str, Parts]:
    """The parts of the results before, by fingerprint: what was computed from one of them can
    say what changed below, though that was computed again already."""
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    known = content.get("replaced", {}) | {content["fingerprint"]: content["parts"]}
    known.pop(fingerprint, None)
    return dict(list(known.items())[-KEPT:])


def _as_stored(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def forget(settings: Settings, key: Sequence[str], edition: str) -> None:
    """Says that an asset's stored result is no longer whole, because it is computed again now.
    What it was made of, and by which run, is kept: if this run fails or is killed, the plan
    names what changed since."""
    path = _state_path(settings, key, edition)
    if path.is_file():
        content = json.loads(path.read_text(encoding="utf-8")) | {"whole": False}
        write_aside(path, _as_stored(content))


def computed_editions(settings: Settings, framework: str) -> set[str]:
    """The editions of which something was ever computed or published here."""
    return {
        folder.name
        for root in (settings.state, settings.revisions)
        for folder in (root / framework).glob("*")
        if folder.is_dir() and any(folder.iterdir())
    }


def remembered(settings: Settings, key: Sequence[str], edition: str) -> str | None:
    """The fingerprint that the last materialisation stored, or None if none stands whole.

    What was stored of tables counts only for the warehouse in which they were stored.
    """
    stored = stored_result(settings, key, edition)
    return stored.fingerprint if stored and not stored.lost else None


@dataclass(frozen=True)
class Stored:
    """What the last materialisation of an asset and edition stored, and in which run.

    lost: where the result stood, if it is not whole any more: the run that was to replace it
    did not end, or the warehouse is another one. Empty if it stands. replaced: the parts of
    results before this one, by their fingerprint.
    """

    fingerprint: str
    parts: Parts
    run: str
    lost: str = ""
    replaced: Mapping[str, Parts] = field(default_factory=dict)


def stored_result(settings: Settings, key: Sequence[str], edition: str) -> Stored | None:
    """What the last materialisation stored, or None if there never was one."""
    path = _state_path(settings, key, edition)
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    lost = ""
    if key[1] in IN_WAREHOUSE and content["warehouse"] != warehouse_id(settings):
        lost = "data/warehouse.duckdb"
    elif not content.get("whole", True):
        lost = UNFINISHED
    return Stored(
        content["fingerprint"],
        content["parts"],
        content["run"],
        lost,
        content.get("replaced", {}),
    )


def warehouse_id(settings: Settings) -> str:
    """Which warehouse this is; a file that was deleted and built again is another one."""
    path = settings.data / "warehouse.id"
    return path.read_text() if path.is_file() and settings.warehouse.is_file() else ""


def name_new_warehouse(settings: Settings) -> None:
    """Gives a warehouse that is about to be built an identity; the caller holds it."""
    if not warehouse_id(settings):
        write_aside(settings.data / "warehouse.id", uuid.uuid4().hex)
