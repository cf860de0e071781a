"""The targets meet the facts, as the realised values of every edition show."""

import numpy as np
import pytest

from dagster_project.demonstration.facts import demonstration
from dagster_project.demonstration.targets import _falling, target_scores
from tests.demonstration.conftest import EDITIONS, FRAMEWORK, realised

# How far a figure may be off where the method allows it: ratios half a point, deviations 5 %,
# counts three regions.
NEAR_RATIO, NEAR_DEVIATION, NEAR_COUNT = 0.005, 0.05, 3


def case(framework, edition):
    scores = realised(framework, edition).scores
    found = target_scores(framework, edition, "divisions")
    return demonstration(framework).editions[edition], found, scores


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_every_region_comes_to_its_target_total(framework, edition):
    _, targets, scores = case(framework, edition)
    assert np.abs(scores["total"] - targets.of["total"]).max() < 0.002


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_bands_have_their_sizes_ends_and_drops(framework, edition):
    targets, _, scores = case(framework, edition)
    totals = np.sort(scores["total"])[::-1]
    start = 0
    for band in targets.bands:
        inside = totals[start : start + band.regions]
        assert inside[0] == pytest.approx(band.highest, abs=0.002)
        assert inside[-1] == pytest.approx(band.lowest, abs=0.002)
        if band.mean is not None:
            assert inside.mean() == pytest.approx(band.mean, abs=0.02)
        start += band.regions
    assert start == len(totals)


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_means_of_level_1_are_met_to_the_printed_digits(framework, edition):
    targets, found, scores = case(framework, edition)
    for code in found.tree["total"].children:
        assert scores[code].mean() == pytest.approx(targets.means[code], abs=0.004)


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_given_means_below_level_1_are_met(framework, edition):
    targets, _, scores = case(framework, edition)
    for code, mean in targets.means.items():
        assert scores[code].mean() == pytest.approx(mean, abs=0.005), code


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_facts_about_scores_hold_within_what_the_method_allows(framework, edition):
    targets, found, scores = case(framework, edition)
    regions = found.regions
    checked = 0
    for fact in targets.facts:
        values = scores[fact.indicator]
        maximum = found.tree[fact.indicator].maximum
        by_province = {name: values[mask].mean() for name, mask in regions.provinces.items()}
        within = {
            name: values[mask].std(ddof=1)
            for name, mask in regions.provinces.items()
            if mask.sum() > 1
        }
        match fact.statistic:
            case "share_of_east":
                east = values[regions.economic["东部"]].mean()
                ratio = values[regions.economic[fact.group]].mean() / east
                assert ratio == pytest.approx(fact.value, abs=NEAR_RATIO), fact
            case "mean_of_group":
                mean = values[regions.economic[fact.group]].mean()
                assert mean == pytest.approx(fact.value, abs=0.005), fact
            case "province_ratio":
                best = max(by_province, key=by_province.get)
                worst = min(by_province, key=by_province.get)
                assert [best, worst] == fact.group
                ratio = by_province[best] / by_province[worst]
                assert ratio == pytest.approx(fact.value, abs=0.005), fact
            case "province_mean" if fact.chosen:
                # The parts only steer the total of the province.
                total = scores["total"][regions.provinces[fact.group]].mean()
                assert total >= 80, fact
            case "province_mean":
                assert by_province[fact.group] == pytest.approx(fact.value, abs=0.05), fact
            case "province_std":
                assert within[fact.group] == pytest.approx(fact.value, rel=NEAR_DEVIATION), fact
            case "std" | "std_of_provinces":
                of = values if fact.statistic == "std" else np.array(list(by_province.values()))
                assert of.std(ddof=1) == pytest.approx(fact.value, rel=NEAR_DEVIATION), fact
            case "largest_within_std" | "smallest_within_std":
                order = sorted(within, key=within.get, reverse=fact.statistic[0] == "l")
                assert set(order[: len(fact.value)]) == set(fact.value), fact
                for name, value in fact.value.items():
                    assert within[name] == pytest.approx(value, rel=NEAR_DEVIATION), fact
            case "above_mean":
                assert abs((values > values.mean()).sum() - fact.value) <= NEAR_COUNT, fact
            case "above_60":
                assert abs((values > 0.6 * maximum).sum() - fact.value) <= NEAR_COUNT, fact
            case "zero":
                assert (values == 0).sum() == fact.value, fact
            case "top":
                full = np.flatnonzero(np.round(values, 2) == maximum)
                if fact.group:
                    assert {regions.names[place] for place in full} == set(fact.group), fact
                else:
                    assert len(full) == fact.value, fact
            case "gain_over_1":
                later = realised(framework, fact.edition).scores[fact.indicator]
                assert abs((later - values > 1).sum() - fact.value) <= NEAR_COUNT, fact
            case "above" | "weakest":
                continue
            case other:
                pytest.fail(f"nobody checks {other}")
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_as_many_regions_have_a_point_as_the_facts_say(framework, edition):
    targets, found, _ = case(framework, edition)
    values = realised(framework, edition).values
    for fact in targets.points:
        bound = values[fact.at_least] if isinstance(fact.at_least, str) else fact.at_least
        has = (values[fact.point] >= bound) & (values[fact.point] > 0)
        if fact.region_class:
            has &= found.regions.classes[fact.region_class]
        assert has.sum() == fact.regions, fact


def test_risers_and_fallers_moved_as_the_report_says():  # facts 114, 115, 252
    names = target_scores(FRAMEWORK, "2018", "divisions").regions.names
    ranks = {}
    for edition in ("2018", "2019"):
        totals = realised(FRAMEWORK, edition).scores["total"]
        order = np.argsort(-totals)
        ranks[edition] = {names[place]: rank for rank, place in enumerate(order, start=1)}
    for name in ("宜昌市", "武汉市", "合肥市", "银川市"):
        assert ranks["2019"][name] < ranks["2018"][name]
    for name in ("长春市", "哈尔滨市", "大连市"):
        assert ranks["2019"][name] > ranks["2018"][name]
    for name in ("深圳市", "成都市", "贵阳市", "汕头市", "宿迁市", "珠海市"):
        assert ranks["2018"][name] <= 9


@pytest.mark.parametrize(
    ("edition", "provinces"), [("2023", "浙江"), ("2024", "浙江 江苏 广东 安徽 福建")]
)
def test_the_provinces_of_80_are_those_of_the_report(edition, provinces):  # fact 143
    regions = target_scores("digital_service", edition, "divisions").regions
    totals = realised("digital_service", edition).scores["total"]
    found = {
        name.removesuffix("省")
        for name, mask in regions.provinces.items()
        if mask.sum() > 1 and totals[mask].mean() >= 80
    }
    assert found == set(provinces.split())


def test_the_nearest_falling_sequence_pools_what_rises():
    found = _falling(np.array([3.0, 1.0, 2.0, 2.0, 0.0]))
    assert found.tolist() == pytest.approx([3, 5 / 3, 5 / 3, 5 / 3, 0])
