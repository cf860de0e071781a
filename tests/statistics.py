"""The statistics of the report a second time, with pandas, numpy and scipy, from what is published.

Of the platform it knows only the published tables and the registers. Keys are (indicator,
statistic, kind of group, group).
"""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import xlogy
from scipy.stats import linregress

from dagster_project.settings import PROJECT

Key = tuple[str, str, str, str]
KINDS = {"economic_region": "economic_region", "province": "parent_region"}
KINDS |= {"region_class": "region_class", "band": "band"}
TOLERANCE = 1e-9
# A relative change divides the rounding of small figures by them.
RELATIVE_TOLERANCE = 1e-7
# Its score rates are of the mean as printed (fact 225), those of the others of the mean as it is.
RATE_OF_PRINTED_MEAN = ("internet_service",)


def exact(number: float) -> float:
    """A number without the last bits of its arithmetic."""
    return float(f"{number:.12g}")


def rounded(number: float, digits: int) -> float:
    """As a person rounds the decimal number."""
    unit = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(exact(number))).quantize(unit, ROUND_HALF_UP))


def theil(values: np.ndarray) -> float:
    ratio = values / values.mean()
    return float(xlogy(ratio, ratio).mean())


def gini(values: np.ndarray) -> float:
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))


def described(scores: pd.DataFrame, national_mean: float) -> dict[str, float]:
    """The statistics of one indicator over one group."""
    values = scores["score"]
    mean = exact(values.mean())
    printed = rounded(mean, 2)
    rated = printed if scores["framework"].iloc[0] in RATE_OF_PRINTED_MEAN else mean
    found = {
        "count": len(values),
        "mean": mean,
        "mean_printed": printed,
        "score_rate": rounded(rated / scores["max_score"].iloc[0], 4),
        "minimum": values.min(),
        "maximum": values.max(),
        "median": np.median(values),
        **{f"quantile_{p}": np.quantile(values, p / 100) for p in (10, 25, 75, 90)},
        "std": values.std(ddof=1),
    }
    shares = {
        "above_mean": values > national_mean,
        "above_60": scores["score_rate"] > 0.6,
        "below_20": scores["score_rate"] < 0.2,
        "zero": values == 0,
    }
    for name, hit in shares.items():
        found[f"{name}_count"] = hit.sum()
        found[f"{name}_share"] = hit.mean()
    return found


def inequality(scores: pd.DataFrame, group: str, suffix: str) -> dict[str, float]:
    """Decompositions by groups: each region at its group's mean is what lies between them."""
    values = scores["score"].to_numpy()
    means = scores.groupby(group)["score"].transform("mean").to_numpy()
    within_theil = within_gini = 0.0
    for _, part in scores.groupby(group):
        own = part["score"].to_numpy()
        if own.sum() > 0:
            share = len(own) / len(values)
            of_sum = own.sum() / values.sum()
            within_theil += of_sum * theil(own)
            within_gini += share * of_sum * gini(own)
    between = gini(means)
    return {
        f"theil_between{suffix}": theil(means),
        f"theil_within{suffix}": within_theil,
        f"gini_between{suffix}": between,
        f"gini_within{suffix}": within_gini,
        f"gini_overlap{suffix}": gini(values) - between - within_gini,
    }


def of_nation(scores: pd.DataFrame) -> dict[str, tuple[float, str | None]]:
    """Statistics of one indicator that only the nation has, with what they are about."""
    values = scores["score"]
    provinces = scores.groupby("parent_region")["score"]
    means, deviations = provinces.mean(), provinces.std(ddof=1).dropna()
    spread = means.std(ddof=1)
    found: dict[str, tuple[float, str | None]] = {
        "sigma": (values.std(ddof=1) / values.mean() if values.mean() else np.nan, None),
        "theil": (theil(values.to_numpy()) if values.mean() else np.nan, None),
        "gini": (gini(values.to_numpy()) if values.mean() else np.nan, None),
        "std_of_provinces": (spread, None),
        "std_regions_over_provinces": (values.std(ddof=1) / spread - 1 if spread else np.nan, None),
        "largest_province_mean": (means.max(), None),
        "smallest_province_mean": (means.min(), None),
        "province_ratio": (means.max() / means.min() if means.min() else np.nan, None),
    }
    for name, order in (("largest", False), ("smallest", True)):
        for place, value in enumerate(deviations.sort_values(ascending=order).head(3), start=1):
            found[f"{name}_within_province_std_{place}"] = (value, None)
    in_order = scores.sort_values(["rank", "region_code"])
    for name, rows in (("top", in_order), ("bottom", in_order[::-1])):
        for place, row in enumerate(rows.head(10).itertuples(), start=1):
            found[f"{name}_{place}"] = (row.score, row.region_name)
    if values.mean():
        for group, suffix in (("parent_region", ""), ("economic_region", "_economic")):
            if scores[group].notna().any():
                parts = inequality(scores, group, suffix)
                found |= {name: (value, None) for name, value in parts.items()}
    return found


def table(tables: dict[str, pd.DataFrame], economic: dict[str, str]) -> pd.DataFrame:
    """Every scored indicator of every region with the groups that the region belongs to."""
    ranks = tables["rankings"].set_index("region_code")
    scores = tables["indicator_scores"].dropna(subset="score").copy()
    for name in ("parent_region", "region_class", "band", "grade"):
        scores[name] = scores["region_code"].map(ranks[name])
    scores["economic_region"] = scores["region_code"].map(economic)
    return scores


def of_scores(
    tables: dict[str, pd.DataFrame], economic: dict[str, str]
) -> dict[Key, tuple[float, str | None]]:
    """All statistics of an edition's scores."""
    found: dict[Key, tuple[float, str | None]] = {}
    scores = table(tables, economic)
    for code, rows in scores.groupby("indicator_code"):
        mean = exact(rows["score"].mean())
        groups = [("nation", "", rows)]
        for kind, column in KINDS.items():
            groups += [(kind, str(name), part) for name, part in rows.groupby(column)]
        for kind, name, part in groups:
            for statistic, value in described(part, mean).items():
                found[code, statistic, kind, name] = (float(value), None)
        for statistic, pair in of_nation(rows).items():
            found[code, statistic, "nation", ""] = pair
        means = rows.groupby("economic_region")["score"].mean()
        if "东部" in means:
            for name, value in means.items():
                share = value / means["东部"] if means["东部"] else np.nan
                found[code, "share_of_east", "economic_region", str(name)] = (share, None)
    cuts = tables.get("grade_cuts")
    if cuts is not None:
        totals = scores[scores["indicator_code"] == "total"]
        for kind, lower in (("band", "band_lower"), ("grade", "lower")):
            for name, part in totals.groupby(kind):
                cut = cuts.loc[cuts[kind] == name, lower].iloc[0]
                for statistic, value in {
                    "count": len(part),
                    "mean": part["score"].mean(),
                    "lower_cut": cut,
                    "highest": part["score"].max(),
                }.items():
                    found["total", statistic, kind, str(name)] = (float(value), None)
    return found


# What is in points of the full marks, and what is somebody's, who may be another the year after.
IN_POINTS = re.compile(
    "mean|minimum|maximum|median|quantile_.*|std|std_of_provinces|lower_cut|highest|score"
)
NAMED = re.compile("top_|bottom_|largest_|smallest_")


def of_change(
    tables: dict[str, pd.DataFrame],
    before: dict[str, pd.DataFrame],
    economic: dict[str, str],
    methods: dict[str, str],
) -> dict[Key, float]:
    """All statistics of the change between two editions.

    methods: technical or manual, by point of either edition.
    """
    now, then = (
        {key: value for key, (value, _) in of_scores(one, economic).items()}
        | of_collection(one, methods)
        for one in (tables, before)
    )
    marks, marks_then = (
        one["indicator_tree"].set_index("indicator_code")["max_score"] for one in (tables, before)
    )
    same = {code for code in marks.index if marks[code] == marks_then.get(code)}
    found: dict[Key, float] = {}

    def put(code: str, statistic: str, kind: str, name: str, new: float, old: float) -> None:
        points = IN_POINTS.fullmatch(statistic) and code not in same
        found[code, f"{statistic}_change", kind, name] = np.nan if points else new - old
        if points or old > 1e-6:
            relative = np.nan if points else new / old - 1
            found[code, f"{statistic}_change_relative", kind, name] = relative

    for key in now.keys() & then.keys():
        code, statistic, kind, _ = key
        of_others = kind in ("band", "grade") and code != "total"
        if NAMED.match(statistic) or statistic == "mean_printed" or of_others:
            continue
        if code and (code not in marks or code not in marks_then):
            continue
        if pd.notna(now[key]) and pd.notna(then[key]):
            put(*key, now[key], then[key])
    pairs = tables["indicator_scores"].merge(
        before["indicator_scores"], on=["region_code", "indicator_code"], suffixes=("", "_then")
    )
    pairs = pairs.dropna(subset=["score", "score_then"])
    for code, rows in pairs.groupby("indicator_code"):
        gains = (rows["score"] - rows["score_then"]).map(exact)
        count = float((gains > 1).sum()) if code in same else np.nan
        found[code, "gain_over_1_count", "nation", ""] = count
        up = (rows["score_then"] == 0) & (rows["score"] > 0)
        found[code, "from_zero_count", "nation", ""] = float(up.sum())
        both = rows[(rows["score"] > 0) & (rows["score_then"] > 0)]
        if both.empty:
            continue
        start, growth = np.log(both["score_then"]), np.log(both["score"] / both["score_then"])
        fit = linregress(start, growth) if start.std(ddof=0) > 1e-6 else None
        found[code, "beta", "nation", ""] = fit.slope if fit else np.nan
        moved = fit and growth.std(ddof=0) > 1e-6
        found[code, "beta_r2", "nation", ""] = fit.rvalue**2 if moved else np.nan
    for row in pairs[pairs["indicator_code"] == "total"].itertuples():
        found["total", "rank_change", "region", row.region_code] = row.rank_then - row.rank
        put("total", "score", "region", row.region_code, row.score, row.score_then)
    return found


def of_cleaning(tables: dict[str, pd.DataFrame]) -> dict[Key, float]:
    """What was cleaned, as the manifest and the list of quarantined cells show it."""
    counts, ruled = tables["manifest_rows"], tables["manifest_corrections"]
    ruled = ruled[ruled["table"].isin(counts.index)]
    excluded = (ruled["after"] == "exclude").sum()
    cells = tables["quarantine"]
    cells = cells[cells["table"].isin(counts.index)]
    rows = cells.drop_duplicates(["table", "reason", "file", "sheet", "row", "point_code"])
    found: dict[Key, float] = {
        ("", name, "collection", ""): float(value)
        for name, value in {
            "rows_read": counts["rows_collected"].sum() + excluded,
            "cells_corrected": len(ruled) - excluded,
            "rows_excluded": excluded,
            "rows_quarantined": counts["rows_quarantined"].sum(),
            "duplicate_rows": rows["reason"].str.fullmatch(".*expected each .* once").sum(),
            "rows_landed": counts["rows_landed"].sum(),
        }.items()
    }
    for (table, reason), part in rows.groupby(["table", "reason"]):
        found["", "quarantined_count", "cleaning", f"{table}: {reason}"] = len(part)
    return found


def is_found(tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Of every value of a point, whether the thing was found: of a count 0 was found of nothing."""
    timed = tables["point_list"].set_index("point_code")["point_type"].isin(["date", "duration"])
    points = tables["points"]
    something = (points["value"] != 0) | points["point_code"].map(timed)
    return (points["status"] == "observed") & something


def of_collection(tables: dict[str, pd.DataFrame], methods: dict[str, str]) -> dict[Key, float]:
    """Statistics of the collection, as the published points and readings show it.

    methods: technical or manual, by point.
    """
    points, readings = tables["points"], tables["readings"]
    hit = is_found(tables)
    regions, codes = points["region_code"].nunique(), sorted(points["point_code"].unique())
    technical = [code for code in codes if methods[code] == "technical"]
    there = points["status"] != "not_collected"
    found = of_cleaning(tables)

    def put(statistic: str, value: float) -> None:
        found["", statistic, "collection", ""] = value

    put("points", len(codes))
    put("technical_points", len(technical))
    put("manual_points", len(codes) - len(technical))
    put("technical_share", len(technical) / len(codes))
    put("manual_share", 1 - len(technical) / len(codes))
    put("values", there.sum())
    put("points_collected_share", there.mean())
    put("formulas", len(formulas_used(tables["formulas"])))
    if "chosen_by" in points:
        rounds = points["rounds"].max()
        put("rounds", rounds)
        verified = (points["chosen_by"] == "verified").sum()
        put("samples", readings["status"].isin(["observed", "not_found"]).sum())
        put("collection_rate", points["rounds"].sum() / (regions * len(technical) * rounds))
        put("verified_points", verified)
        put("adjudicated", points["adjudicated"].sum())
        crawled = readings[readings["kind"] == "technical"]
        days = crawled["read_at"].dt.normalize()
        begins = days.groupby(crawled["round"]).min()
        following = (crawled["round"] + 1).map(begins)
        put("late_samples", (days > following).sum())
        put("refused_count", (crawled["status"] == "refused").sum())
        by_people = readings[readings["kind"] != "technical"]
        by_people = by_people[by_people["status"].isin(["observed", "not_found"])]
        put("assessors", by_people["assessor"].nunique())
        put("first_month", np.nan)
        put("last_month", np.nan)
    else:
        put("rounds", 1)
        put("samples", there.sum())
        put("collection_rate", there.mean())
    wide = points.pivot(index="region_code", columns="point_code", values="value")
    for code, rows in points.groupby("point_code"):
        indicator = rows["indicator_code"].iloc[0]
        indicator = "" if pd.isna(indicator) else indicator
        hits = hit[rows.index].sum()
        looked = (rows["status"] != "not_collected").sum()
        found[indicator, "found_count", "point", code] = hits
        found[indicator, "found_share", "point", code] = hits / looked if looked else np.nan
        asked = code.replace("_correct", "_asked")
        if code.endswith("_correct") and asked in wide:
            some = (wide[asked] > 0) & wide[code].notna()
            full = (some & (wide[code] >= wide[asked])).sum()
            found[indicator, "full_count", "point", code] = full
            found[indicator, "full_share", "point", code] = full / some.sum()
    return found


def months_of_collection(tables: dict[str, pd.DataFrame]) -> dict[Key, str]:
    """When the first and the last technical sample was taken, which is text. What was collected
    without rounds has no samples, even where its readings have a day."""
    readings = tables["readings"]
    if "round" not in readings:
        return {}
    sampled = readings[readings["round"].notna() & (readings["kind"] == "technical")]
    taken = sampled["read_at"].dropna().dt.strftime("%Y-%m")
    months = {"first_month": taken.min(), "last_month": taken.max()} if len(taken) else {}
    return {("", name, "collection", ""): month for name, month in months.items()}


def formulas_used(formulas: pd.DataFrame) -> set[str]:
    """Names of the formulas that the indicators made of points call in their SQL files."""
    known = {
        name
        for path in (PROJECT / "dbt_project" / "macros" / "formulas").glob("*.sql")
        for name in re.findall(r"{%-? *macro (\w+)\(", path.read_text(encoding="utf-8"))
    }
    made = formulas[formulas["kind"] == "formula"]
    folder = PROJECT / "dbt_project" / "models" / "indicators"
    return {
        name
        for framework, code in zip(made["framework"], made["indicator_code"], strict=True)
        for path in (folder / framework).rglob(f"{framework}__{code}.sql")
        for name in re.findall(r"\b(\w+)\(", path.read_text(encoding="utf-8"))
        if name in known
    }


def published_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of an edition by name, codes as text."""
    text = dict.fromkeys(("edition", "region_code", "group_name", "indicator_code"), "str")
    tables = {
        path.stem: pd.read_csv(path, encoding="utf-8-sig", dtype=text, na_filter=True)
        for path in folder.glob("*.csv")
    }
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    # A table of published scores is no collection.
    rows = {
        name: counts
        for name, counts in manifest["rows"].items()
        if isinstance(counts, dict) and name != "published_scores"
    }
    return tables | {
        **{name: pd.read_parquet(folder / f"{name}.parquet") for name in ("points", "readings")},
        "manifest_rows": pd.DataFrame.from_dict(rows, orient="index"),
        "manifest_corrections": pd.DataFrame(manifest["corrections"], columns=["table", "after"]),
    }


def found_in(tables):
    """Values and details by (indicator, statistic, kind of group, group)."""
    rows = tables["statistics"].fillna({"indicator_code": "", "group_name": ""})
    keys = zip(
        rows["indicator_code"],
        rows["statistic"],
        rows["group_kind"],
        rows["group_name"],
        strict=True,
    )
    return dict(zip(keys, zip(rows["value"], rows["detail"], strict=True), strict=True))


def differences(found, expected):
    """What one side alone has, and what differs, by key."""
    wrong = dict.fromkeys(expected.keys() - found.keys(), "not computed")
    for key in expected.keys() & found.keys():
        value, wanted = found[key][0], expected[key]
        relative = key[1].endswith("_change_relative")
        tolerance = RELATIVE_TOLERANCE if relative else TOLERANCE
        if not (pd.isna(value) and pd.isna(wanted)) and not abs(value - wanted) <= tolerance:
            wrong[key] = (value, wanted)
    return wrong


def check_all(tables, before, economic, methods):
    """Every statistic of an edition equals the second computation, and there is none without
    one; in groups in which no region has a score, it may say nothing or 0."""
    found = found_in(tables)
    own = of_scores(tables, economic)
    expected = {key: value for key, (value, _) in own.items()}
    expected |= of_collection(tables, methods)
    if before is not None:
        expected |= of_change(tables, before, economic, methods)
    assert differences(found, expected) == {}
    for key, (_, detail) in own.items():
        if detail is not None:
            assert found[key][1] == detail
    for key, month in months_of_collection(tables).items():
        assert found[key][1] == month
    assert {key[1] for key in found} <= {key[1] for key in expected}
    for key in found.keys() - expected.keys():
        assert pd.isna(found[key][0]) or found[key][0] == 0, key
    return found


def fisher(totals: list[float], classes: int) -> float:
    """Least squares within classes of the sorted totals, by trying every division."""
    from itertools import combinations

    values = sorted(totals)
    least = np.inf
    for cuts in combinations(range(1, len(values)), classes - 1):
        parts = [np.array(values[i:j]) for i, j in pairwise([0, *cuts, len(values)])]
        least = min(least, sum(((part - part.mean()) ** 2).sum() for part in parts))
    return float(least)
