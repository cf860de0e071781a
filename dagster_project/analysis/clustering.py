"""Types of regions: clusters of their profiles, and natural breaks of their totals.

Pure functions on arrays, without chance: the same numbers in the same order give the same
clusters. Who reads and stores the tables stands in assets.py.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]

FEWEST, MOST = 2, 8
# More than k-means ever needed on profiles of 337 regions (about 20).
ITERATIONS = 100
# Classes of a framework that has no bands.
CLASSES = 4


@dataclass(frozen=True)
class Clustering:
    """Clusters of one method: the labels of the best number of them, and how good each is.

    labels: 1 for the cluster with the highest mean total, then on. silhouettes: by number of
    clusters, -1..1; the highest is the best, of equal ones the fewest clusters.
    """

    labels: Labels
    silhouettes: dict[int, float]

    @property
    def chosen(self) -> int:
        """The number of clusters with the highest silhouette."""
        return best_number(self.silhouettes)


def best_number(silhouettes: dict[int, float]) -> int:
    """The number of clusters with the highest silhouette, the smallest of equal ones."""
    return max(silhouettes, key=lambda number: (silhouettes[number], -number))


def clusterings(profiles: Numbers, totals: Numbers) -> dict[str, Clustering]:
    """Clusters of profiles (a row a region, score rates 0..1) by method.

    hierarchical: Ward's. kmeans: k-means that starts from the centres of Ward's clusters, so
    nothing is drawn by lot. Rates are not standardised: ten points count the same everywhere.
    Empty if there are too few different profiles to part.
    """
    # Imported here, because it takes as long as all else.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.cluster.vq import kmeans2
    from scipy.spatial.distance import pdist, squareform

    different = len(np.unique(profiles, axis=0))
    numbers = range(FEWEST, min(MOST, different - 1) + 1)
    if not numbers:
        return {}
    tree = linkage(profiles, "ward")
    distances = squareform(pdist(profiles))
    labels: dict[str, dict[int, Labels]] = {"kmeans": {}, "hierarchical": {}}
    for number in numbers:
        ward = fcluster(tree, number, "maxclust").astype(np.int64)
        centres = np.array([profiles[ward == one].mean(axis=0) for one in np.unique(ward)])
        labels["hierarchical"][number] = ward
        _, near = kmeans2(profiles, centres, iter=ITERATIONS, minit="matrix")
        labels["kmeans"][number] = near.astype(np.int64)
    found = {}
    for method, by_number in labels.items():
        quality = {number: silhouette(distances, one) for number, one in by_number.items()}
        best = best_number(quality)
        found[method] = Clustering(by_mean_total(by_number[best], totals), quality)
    return found


def silhouette(distances: Numbers, labels: Labels) -> float:
    """Mean silhouette of a clustering (Rousseeuw 1987): of each region (b - a) / max(a, b),
    where a is its mean distance to its own cluster and b to the nearest other; 0 if alone.

    distances: square matrix. Rounded to 12 digits, so that the last bits do not choose.
    """
    members = labels[:, None] == np.unique(labels)[None, :]
    sizes = members.sum(axis=0)
    if len(sizes) < FEWEST:
        return 0.0
    sums = distances @ members
    own_size = (members * sizes).sum(axis=1)
    own = (sums * members).sum(axis=1) / np.maximum(own_size - 1, 1)
    other = np.where(members, np.inf, sums / sizes).min(axis=1)
    larger = np.maximum(own, other)
    defined = (own_size > 1) & (larger > 0)
    values = np.where(defined, (other - own) / np.where(larger > 0, larger, 1), 0)
    return float(f"{values.mean():.12g}")


def by_mean_total(labels: Labels, totals: Numbers) -> Labels:
    """Labels numbered by falling mean total of the cluster, 1 the highest; of equal means the
    one that comes first."""
    names = list(dict.fromkeys(labels.tolist()))
    names.sort(key=lambda name: -float(totals[labels == name].mean()))
    numbers = {name: place for place, name in enumerate(names, start=1)}
    return np.array([numbers[name] for name in labels.tolist()], dtype=np.int64)


def natural_breaks(totals: Numbers, classes: int) -> tuple[Numbers, float]:
    """Lower bounds of the classes, from the top, that leave the least squares within them
    (Fisher 1958, exact), and the share of the squares that lies between them (0..1).

    Equal totals stay together; there are fewer classes if there are fewer different totals.
    """
    values, counts = np.unique(totals, return_counts=True)
    classes = min(classes, len(values))
    weights = np.concatenate([[0.0], np.cumsum(counts)])
    centred = values - np.average(values, weights=counts)
    sums = np.concatenate([[0.0], np.cumsum(counts * centred)])
    squares = np.concatenate([[0.0], np.cumsum(counts * centred**2)])
    size = len(values)
    first, last = np.indices((size, size + 1))
    weight = np.where(last > first, weights[last] - weights[first], 1)
    # within[i, j]: squares of values i..j-1 around their mean.
    within = squares[last] - squares[first] - (sums[last] - sums[first]) ** 2 / weight
    within = np.where(last > first, np.maximum(within, 0), np.inf)
    least = within[0]
    starts = []
    for _ in range(classes - 1):
        # The last class begins at i, the classes before it hold the values below i.
        candidates = np.concatenate([[np.inf], least[1:size]])[:, None] + within
        starts.append(candidates.argmin(axis=0))
        least = candidates.min(axis=0)
    end = size
    bounds = []
    for start in reversed(starts):
        end = int(start[end])
        bounds.append(values[end])
    bounds.append(values[0])
    fit = 1 - least[size] / squares[-1] if squares[-1] > 0 else 1.0
    return np.array(bounds), float(f"{fit:.12g}")


def region_types(scores: pd.DataFrame, bands: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Types of the regions of an edition, a row a region, and the quality of each clustering, a
    row a method and number of clusters.

    scores: rows of indicator_scores. bands: rows of rankings. The profile of a region is its
    score rates at the level above the deepest, below the total; a region that lacks one, or the
    total, has no type. Of natural breaks there are as many classes as bands.
    """
    types, quality = [], []
    for group, rows in scores.groupby("object_group", sort=True):
        ranks = bands[bands["object_group"] == group].set_index("region_code")
        one, measured = _types_of_group(rows, ranks)
        types.append(one.assign(object_group=group))
        quality.append(measured.assign(object_group=group))
    return (
        pd.concat(types, ignore_index=True)[TYPE_COLUMNS],
        pd.concat(quality, ignore_index=True)[QUALITY_COLUMNS],
    )


TYPE_COLUMNS = [
    "object_group",
    "region_code",
    "region_name",
    "score",
    "rank",
    "band",
    "kmeans_type",
    "hierarchical_type",
    "natural_break",
    "natural_break_lower",
]
QUALITY_COLUMNS = ["object_group", "method", "clusters", "measure", "quality", "chosen"]


def _types_of_group(rows: pd.DataFrame, ranks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    level = max(1, int(rows["level"].max()) - 1)
    profiles = (
        rows[rows["level"] == level]
        .pivot(index="region_code", columns="indicator_code", values="score_rate")
        .sort_index()
        .sort_index(axis=1)
    )
    table = ranks.sort_index()[["region_name", "score", "rank", "band"]].copy()
    whole = profiles.notna().all(axis=1).reindex(table.index, fill_value=False)
    typed = table.index[whole & table["score"].notna()]
    totals = table.loc[typed, "score"].to_numpy(np.float64)
    quality: list[tuple[str, int, str, float, bool]] = []
    table[["kmeans_type", "hierarchical_type"]] = np.nan
    found = clusterings(profiles.loc[typed].to_numpy(np.float64), totals)
    for method, clustering in found.items():
        table.loc[typed, f"{method}_type"] = clustering.labels
        quality += [
            (method, number, "silhouette", value, number == clustering.chosen)
            for number, value in clustering.silhouettes.items()
        ]
    table[["natural_break", "natural_break_lower"]] = np.nan
    scored = table["score"].dropna()
    values = scored.to_numpy(dtype=np.float64)
    if len(scored):
        bounds, fit = natural_breaks(values, table["band"].nunique() or CLASSES)
        place = (values[:, None] >= bounds[None, :]).argmax(axis=1)
        table.loc[scored.index, "natural_break"] = place + 1
        table.loc[scored.index, "natural_break_lower"] = bounds[place]
        quality.append(("natural_breaks", len(bounds), "goodness_of_variance_fit", fit, True))
    numbers = ["kmeans_type", "hierarchical_type", "natural_break", "rank"]
    table = table.astype(dict.fromkeys(numbers, "Int64"))
    columns = [name for name in QUALITY_COLUMNS if name != "object_group"]
    return table.reset_index(), pd.DataFrame(quality, columns=columns)
