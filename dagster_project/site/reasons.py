"""Why values are missing: of points as their traces say, of indicators by their points."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import pandas as pd

from dagster_project.explanation.every import Trace, Traces
from dagster_project.explanation.trace import CHILD_MISSING, NO_CHILD, NO_POINT, NO_RATE, WHY_POINT
from dagster_project.site.edition import Edition, Group

Pair = tuple[str, str]
NOT_COLLECTED = "not_collected"


class Reasons:
    """The traces of all regions of an edition, and what they say of missing values."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._of: dict[tuple[str, str], dict[str, list[tuple[Pair, int]]]] = {}

    @cached_property
    def known(self) -> Traces:
        """What was collected, and what all traces share."""
        return Traces(self.edition.folder)

    @cached_property
    def traces(self) -> dict[tuple[str, str], Trace]:
        """The trace of every group and region."""
        return {(one.object_group, one.region_code): one for one in self.known}

    @cached_property
    def points_of(self) -> dict[str, list[str]]:
        """Points by the indicator whose formula reads them."""
        return self.known.revision.points_of

    @cached_property
    def _points(self) -> dict[str, dict[str, dict[str, Pair]]]:
        """Why points have no value, by group, region and point."""
        found: dict[str, dict[str, dict[str, Pair]]] = {}
        said = {one.code: (one.zh, one.en) for one in WHY_POINT.values()}
        for (group, region), trace in self.traces.items():
            lost = {
                point: said.get(why or "absent", said["absent"])
                for point, (_, status, _, why) in trace.points.items()
                if status == NOT_COLLECTED
            }
            if lost:
                found.setdefault(group, {})[region] = lost
        return found

    def of_points(self, group: Group, code: str) -> dict[str, list[tuple[Pair, int]]]:
        """Why points below an indicator were not collected, with how many, by region."""
        key = (group.name, code)
        if key not in self._of:
            wanted = {point for one in self._below(code) for point in self.points_of.get(one, [])}
            self._of[key] = {
                region: counts.most_common()
                for region, lost in self._points.get(group.name, {}).items()
                if (counts := Counter(why for point, why in lost.items() if point in wanted))
            }
        return self._of[key]

    def of_score(self, group: Group, code: str, region: str) -> Pair:
        """Why an indicator of a region has no score, and what became of its points."""
        one, trace = self.edition.tree[code], self.traces[group.name, region]
        if one.children:
            scores = [group.score_of(child, region) for child in one.children]
            why = NO_CHILD if all(pd.isna(score) for score in scores) else CHILD_MISSING
        else:
            statuses = {
                trace.points[point][1]
                for point in self.points_of.get(code, [])
                if point in trace.points
            }
            why = NO_RATE if statuses - {NOT_COLLECTED} else NO_POINT
        lost = self.of_points(group, code).get(region, [])
        if not lost:
            return (why.zh, why.en)
        zh = "、".join(f"{said} {count}" for (said, _), count in lost)
        en = ", ".join(f"{said} {count}" for (_, said), count in lost)
        return (f"{why.zh}（点位：{zh}）", f"{why.en} (points: {en})")

    def _below(self, code: str) -> Iterator[str]:
        yield code
        for child in self.edition.tree[code].children:
            yield from self._below(child)
