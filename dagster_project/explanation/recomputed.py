"""A revision's own SQL, run again over the revision's own tables, and what then agrees.

The points' models run over the published readings, the indicators over the published points.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dagster_project.errors import GovIndexError
from dagster_project.frameworks import framework as framework_of

TOLERANCE = 1e-9
LONG = ("indicator_scores", "rankings", "points", "readings", "point_list")
SHORT = ("indicator_tree", "formulas", "quarantine")
# Of frameworks with grades, and how it looks without.
CUTS = "grade_cuts"
NO_CUTS = "object_group varchar, band varchar, grade varchar, lower double, place bigint"
BY_REGION = ("indicator_scores", "points", "readings", "closing", "edges")
# The columns of a collected table, out of the readings, under the names of staging.
AS_STAGED = {
    "answer": "value as answer",
    "address": "evidence as address",
    "collector": "assessor as collector",
    "depth": "null::integer as depth",
    "time": "read_at as collected_at",
}
METHOD = {"aggregation": "arithmetic", "missing": "", "rounding": "none"}
NUMBERS = ("level", "weight", "weight_share", "max_score", "lower", "place")
TABLE = re.compile(r'"\w+"\."main"\."(\w+)"')


def load(folder: Path, manifest: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """The published tables of a revision in a database of their own.

    Raises GovIndexError for a revision that does not carry what an explanation needs.
    """
    connection = duckdb.connect()
    for table in LONG:
        path = folder / f"{table}.parquet"
        _refuse_without(path, manifest)
        connection.execute(f"create table {table} as from read_parquet('{_quoted(path)}')")
    for table in SHORT:
        path = folder / f"{table}.csv"
        _refuse_without(path, manifest)
        _lay(connection, table, path)
    if (folder / f"{CUTS}.csv").is_file():
        _lay(connection, CUTS, folder / f"{CUTS}.csv")
    else:
        connection.execute(f"create table {CUTS} ({NO_CUTS})")
    connection.execute("attach ':memory:' as warehouse")
    return connection


def _lay(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    rows = pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    rows = rows.where(rows != "", None).assign(position=range(len(rows)))
    rows = rows.astype({name: "float64" for name in NUMBERS if name in rows})
    if table == "indicator_tree":
        # Revisions that do not state the method knew no other.
        rows = rows.assign(**{k: v for k, v in METHOD.items() if k not in rows})
    connection.register("shown", rows)
    connection.execute(f"create table {table} as from shown")
    connection.unregister("shown")


def _refuse_without(path: Path, manifest: Mapping[str, Any]) -> None:
    if not path.is_file():
        raise GovIndexError(
            f"{manifest['framework']} {manifest['edition']} revision {manifest['revision']}: has "
            f"no {path.name}, so its numbers cannot be explained; run the edition again, which "
            "publishes a revision that can"
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def recompute(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], sql: Mapping[str, str]
) -> None:
    """Runs the SQL of a revision again and leaves the tables `closing` and `edges`.

    closing: a row a region and node: object_group, region_code, kind (point, indicator,
    roll_up), code, published, recomputed, closes. edges: a row a region and indicator with a
    parent: effective_share and contribution.

    Raises GovIndexError for SQL that does not run.
    """
    code = manifest["framework"]
    indicators = [row[0] for row in connection.execute(_CODES).fetchall()]
    _lay_inputs(connection, manifest)
    for name in _in_order(code, sql):
        target = f"{code}__{name}"
        if name == "point_values":
            target = "recomputed_points"
        query = TABLE.sub(r'warehouse.main."\1"', sql[name])
        try:
            connection.execute(f'create table warehouse.main."{target}" as {query}')
        except duckdb.Error as error:
            raise GovIndexError(
                f"{code} {manifest['edition']} revision {manifest['revision']}: sql/{name}.sql "
                f"does not run over the published tables ({' '.join(str(error).split())})"
            ) from error
    own = " union all ".join(
        f"select '{one}' as indicator_code, object_group, region_code, score_rate "
        f'from warehouse.main."{code}__{one}"'
        for one in indicators
    )
    lay_edges(connection)
    connection.execute(_CLOSING.format(own=own, tolerance=TOLERANCE))
    # A region is a thousandth of the rows: found at once, and not by a scan for each.
    for table in BY_REGION:
        connection.execute(f"create index {table}_region on {table} (region_code)")


def other_ranks(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Cells of the published ranks, bands and grades that do not follow from the published
    scores, as (table, region_code, code of the indicator, column, published, again)."""
    connection.execute(_RANKED)
    queries = [
        f"""
        select '{table}', object_group, region_code, indicator_code, '{column}',
            shown.{column}::varchar, again.{column}::varchar
        from {source} as shown
        full join ranked as again using (object_group, region_code, indicator_code)
        where {wanted} and shown.{column} is distinct from again.{column}
        """
        for table, (source, wanted, columns) in RANKED.items()
        for column in columns
    ]
    found = connection.execute(f"{' union all '.join(queries)} order by all").fetchall()
    return [(table, *cells) for table, _, *cells in found]


def lay_edges(connection: duckdb.DuckDBPyConnection) -> None:
    """Leaves the table `edges`: what each indicator brings to its parent, by region."""
    connection.execute(_EDGES)


def _in_order(framework: str, sql: Mapping[str, str]) -> list[str]:
    """Names of models so that each comes after those that it reads."""
    reads = {
        name: {found.removeprefix(f"{framework}__") for found in TABLE.findall(text)} & sql.keys()
        for name, text in sql.items()
    }
    # The indicators read the published points, not the recomputed ones.
    ordered: list[str] = []
    while reads:
        ready = sorted(
            name for name, parents in reads.items() if parents - {"point_values"} <= set(ordered)
        )
        if not ready:
            raise GovIndexError(f"{framework}: the published SQL reads itself: {', '.join(reads)}")
        ordered += ready
        reads = {name: parents for name, parents in reads.items() if name not in ready}
    return ordered


def _lay_inputs(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    """What the SQL reads, under the names that it has in the warehouse: registers, points as
    published, and the collected tables as the readings tell them."""
    code = manifest["framework"]
    connection.execute(
        f"""
        create table warehouse.main.{code}__points as
        select columns(lambda name: name not in ('framework', 'edition')) from point_list;
        create table warehouse.main.{code}__regions as
        select edition, object_group, region_code, region_name, parent_region, region_class
        from rankings;
        create table warehouse.main.{code}__point_values as
        select rankings.object_group, points.*
        from points
        inner join rankings on points.region_code = rankings.region_code;
        """
    )
    line = manifest["register"]
    connection.execute(
        """
        create table warehouse.main.editions as
        select $framework as framework, $edition as edition,
            nullif($collection_from, '')::date as collection_from,
            nullif($collection_to, '')::date as collection_to, $rounds::integer as rounds
        """,
        {
            name: line[name]
            for name in ("framework", "edition", "collection_from", "collection_to", "rounds")
        },
    )
    declared = framework_of(code).tables
    names = connection.execute('select distinct "table" from readings order by 1').fetchall()
    for (table,) in names:
        if "point_code" in declared[table].columns:
            told = ", ".join(AS_STAGED.get(name, name) for name in declared[table].columns)
            connection.execute(
                _LONG_TABLE.format(name=f"{code}__{table}", table=table, columns=told)
            )
            continue
        columns = ", ".join(
            f"max(number) filter (where point_code = '{name}') as {name}"
            for name in declared[table].columns
            if name != "region_code"
        )
        connection.execute(
            _WIDE_TABLE.format(name=f"{code}__{table}", table=table, columns=columns)
        )


# What follows from the scores alone, by table: where it is read, which rows count, its columns.
RANKED = {
    "indicator_scores": ("indicator_scores", "true", ("rank", "rank_in_parent", "rank_in_class")),
    "rankings": (
        "(select *, 'total' as indicator_code from rankings)",
        "indicator_code = 'total'",
        (
            *("score", "rank", "rank_in_parent", "rank_in_class"),
            *("band", "grade", "provisional", "status"),
        ),
    ),
}

# Ranks of all scores: 1, 2, 2, 4 by falling score; no score, no rank. A grade is the first from
# the top whose lower cut the total reaches.
_RANKED = """
create or replace table ranked as
with placed as (
    select
        scores.object_group, scores.region_code, scores.indicator_code, scores.score,
        scores.status, rankings.parent_region, rankings.region_class
    from indicator_scores as scores
    left join rankings using (object_group, region_code)
),
graded as (
    select
        placed.object_group, placed.region_code, placed.indicator_code,
        arg_min(cuts.band, cuts.place) as band, arg_min(cuts.grade, cuts.place) as grade
    from placed
    inner join grade_cuts as cuts
        on placed.object_group = cuts.object_group and placed.score >= cuts.lower
    where placed.indicator_code = 'total'
    group by all
)
select
    placed.*,
    graded.band,
    graded.grade,
    status = 'provisional' as provisional,
    case when score is not null then rank() over (
        partition by object_group, indicator_code order by score desc nulls last
    ) end as rank,
    case when score is not null then rank() over (
        partition by object_group, indicator_code, parent_region order by score desc nulls last
    ) end as rank_in_parent,
    case when score is not null and region_class is not null then rank() over (
        partition by object_group, indicator_code, region_class order by score desc nulls last
    ) end as rank_in_class
from placed
left join graded using (object_group, region_code, indicator_code)
"""

_CODES = "select indicator_code from indicator_tree order by position"

# A row a reading.
_LONG_TABLE = """
create table warehouse.main.{name} as
select
    edition, {columns}, raw_file as source_file, sheet as source_sheet, row as source_row,
    "column" as source_column
from readings
where "table" = '{table}'
"""

# A row a region, a column a point.
_WIDE_TABLE = """
create table warehouse.main.{name} as
select
    edition, region_code, raw_file as source_file, sheet as source_sheet, row as source_row,
    {columns}
from readings
where "table" = '{table}'
group by all
"""

# What each child brings to its parent. Without one child (rule no_score) a parent has no
# score; else (rescale, share_needed) the shares of the others are rescaled.
#
# A geometric or harmonic mean G of rates r with shares s is told as the arithmetic mean that
# gives the same: with shares in proportion to s / L(r, G), L the logarithmic mean, as
# sum s (ln r - ln G) = 0 (Reinsdorf, Diewert and Ehemann 2002), or to s / r, as
# sum s (1/r - 1/G) = 0. Where a part of 0 makes G 0, that part has the whole share.
_EDGES = """
create table edges as
with children as (
    select
        scores.object_group, scores.region_code, scores.indicator_code, scores.parent_code,
        tree.position, tree.weight, tree.weight_share, scores.score_rate,
        parents.max_score as parent_max, formulas.kind, parents.aggregation,
        split_part(parents.missing, ' ', 2) as share_needed
    from indicator_scores as scores
    inner join indicator_tree as tree on scores.indicator_code = tree.indicator_code
    inner join indicator_tree as parents on scores.parent_code = parents.indicator_code
    inner join formulas on scores.parent_code = formulas.indicator_code
),
counted as (
    select
        object_group, region_code, parent_code,
        list_sum(list(case when score_rate is not null then weight_share end order by position))
            as share,
        count(*) - count(score_rate) as missing
    from children
    group by all
),
shared as (
    select
        children.*, counted.missing,
        case
            when score_rate is null then null
            when kind = 'no_score' then case when counted.missing = 0 then weight_share end
            when kind = 'share_needed' and format('{:.11g}', counted.share)::double
                < try_cast(share_needed as double) then null
            else weight_share / counted.share
        end as share
    from children
    inner join counted using (object_group, region_code, parent_code)
),
means as (
    select
        object_group, region_code, parent_code,
        case
            when any_value(aggregation) = 'arithmetic' or count(share) = 0 then null
            when min(score_rate) filter (where share > 0) <= 0 then 0
            when any_value(aggregation) = 'geometric' then exp(list_sum(list(
                case when share > 0 then share * ln(score_rate) end order by position
            )))
            else 1 / list_sum(list(
                case when share > 0 then share / score_rate end order by position
            ))
        end as mean
    from shared
    group by all
),
told as (
    select
        shared.*,
        case
            when mean is null or share = 0 then share
            when mean = 0 then case when score_rate = 0 then share else 0 end
            when aggregation = 'harmonic' then share / score_rate
            when abs(score_rate - mean) <= 1e-9 * mean then share / mean
            else share * ln(score_rate / mean) / (score_rate - mean)
        end as part
    from shared
    inner join means using (object_group, region_code, parent_code)
),
whole as (
    select
        object_group, region_code, parent_code,
        list_sum(list(part order by position)) as part
    from told
    group by all
)
select
    told.* exclude (share, part),
    case when aggregation = 'arithmetic' then share else told.part / whole.part end
        as effective_share,
    effective_share * score_rate * parent_max as contribution
from told
inner join whole using (object_group, region_code, parent_code)
"""

_CLOSING = """
create table closing as
with own as (
    {own}
),
added as (
    select
        object_group, region_code, parent_code as code,
        list_sum(list(contribution order by position)) as sum_of_parts
    from edges
    group by all
),
-- What the parts add up to, rounded as the parent's method says (macro rounded).
ruled as (
    select
        added.*, tree.max_score, split_part(tree.rounding, ' ', 1) as rule,
        pow(10, try_cast(split_part(tree.rounding, ' ', 2) as integer))
        * coalesce(try_cast(split_part(tree.rounding, ' ', 4) as double), 1) as unit,
        format('{{:.12g}}', sum_of_parts / tree.max_score * unit)::double as units
    from added
    inner join indicator_tree as tree on added.code = tree.indicator_code
),
rounded as (
    select
        object_group, region_code, code,
        case rule
            when 'half_up' then (round(units) + 0) * max_score / unit
            when 'half_even' then (round_even(units, 0) + 0) * max_score / unit
            else sum_of_parts
        end as recomputed
    from ruled
),
nodes as (
    select
        rankings.object_group, points.region_code, 'point' as kind, points.point_code as code,
        points.value as published, found.value as recomputed,
        points.status = found.status as same_status
    from points
    inner join rankings on points.region_code = rankings.region_code
    left join warehouse.main.recomputed_points as found
        on rankings.object_group = found.object_group
            and points.region_code = found.region_code
            and points.point_code = found.point_code
    union all
    select
        scores.object_group, scores.region_code, 'indicator', scores.indicator_code,
        scores.score, own.score_rate * scores.max_score, true
    from indicator_scores as scores
    left join own using (object_group, region_code, indicator_code)
    union all
    select
        scores.object_group, scores.region_code, 'roll_up', scores.indicator_code,
        scores.score, rounded.recomputed, true
    from indicator_scores as scores
    inner join rounded
        on scores.object_group = rounded.object_group
            and scores.region_code = rounded.region_code
            and scores.indicator_code = rounded.code
)
select
    object_group, region_code, kind, code, published, recomputed,
    coalesce(same_status, false) and (
        (published is null and recomputed is null)
        or coalesce(abs(published - recomputed) <= {tolerance}, false)
    ) as closes
from nodes
"""
