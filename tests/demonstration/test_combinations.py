"""No region of the demonstration has what no region can have."""

import numpy as np
import pandas as pd
import pytest

from dagster_project.demonstration.demo import recorded_edition
from dagster_project.demonstration.facts import demonstration
from dagster_project.demonstration.formulas import NOT_FOUND
from dagster_project.registers import rows_in_effect
from tests.demonstration.conftest import EDITIONS, FRAMEWORK, realised

# A part is no more than its whole.
PARTS = [
    ("sea_correct", "sea_asked"),
    ("qa_correct", "qa_asked"),
    ("saa_correct", "saa_asked"),
    ("ssa_correct", "ssa_asked"),
    ("pa_common_services", "pa_union_services"),
    ("lv1_same_items", "lv1_all_items"),
    ("psi_same_items", "psi_all_items"),
    # What can be handled is among the services.
    ("pi_count_web", "pa_union_services"),
    ("pi_count_wechat", "pa_union_services"),
    ("pi_count_app", "pa_union_services"),
]
# Some of what cannot be without something else, apart from the generator's own list.
WITHOUT = {
    "pa_downloads": "pa_app_android",
    "pa_app_updated": "pa_app_android",
    "pi_count_app": "pa_app_android",
    "tda_app_apply": "pa_app_android",
    "pi_count_wechat": "pa_wechat_account",
    "pa_wechat_posts": "pa_wechat_account",
    "qa_wechat_qa": "pa_wechat_account",
    "sea_asked": "sea_box",
    "qa_asked": "qa_available",
    "saa_asked": "sqa_available",
    "od_dataset_count": "od_platform",
    "odp_datasets": "odp_platform",
    "rr_reply_days": "rr_public_reply",
    "lv4_zero_count": "lv4_zero_visit",
    "rl_depth": "rl_published",
}


def rules(framework):
    """Pairs of a point and the one that it needs."""
    own = {
        (point, base)
        for base, listed in demonstration(framework).needs.items()
        for point in listed.split()
    }
    return own | WITHOUT.items()


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_nothing_is_there_without_what_it_needs(framework, edition):
    values = realised(framework, edition).values
    types = {
        row["point_code"]: row["point_type"]
        for row in rows_in_effect(f"{framework}__points", framework, edition)
    }
    checked = 0
    for point, base in rules(framework):
        if point in values and base in values:
            dated = types[point] in ("date", "duration")
            there = values[point] != NOT_FOUND if dated else values[point] > 0
            assert not (there & (values[base] <= 0)).any(), (point, base)
            assert there.any(), point
            checked += 1
    assert checked > 20
    for part, whole in PARTS:
        if part in values:
            assert (values[part] <= values[whole]).all(), (part, whole)


def test_every_rule_is_about_points_of_the_register():
    for framework in {framework for framework, _ in EDITIONS}:
        known = {
            row["point_code"]
            for of, edition in EDITIONS
            if of == framework
            for row in rows_in_effect(f"{framework}__points", framework, edition)
        }
        for base, listed in demonstration(framework).needs.items():
            assert {base, *listed.split()} <= known


@pytest.mark.parametrize(("framework", "edition"), EDITIONS)
def test_no_round_reads_what_nobody_could_have_seen(framework, edition):
    levels = {
        row["point_code"]
        for row in rows_in_effect(f"{framework}__points", framework, edition)
        if row["unit"] == "层"
    }
    assert levels
    counted = levels.union(*PARTS)
    for one in recorded_edition(framework, edition, realised(framework, edition)).samples:
        read = {
            (region, point): float(value)
            for region, point, value, status in zip(
                one.region, one.point, one.value, one.status, strict=True
            )
            if status == "observed" and point in counted
        }
        # The crawl goes six levels deep (fact 27).
        assert max(value for (_, point), value in read.items() if point in levels) <= 6
        for part, whole in PARTS:
            for region in {region for region, point in read if point == part}:
                value = read.get((region, whole))
                # One of the two may not have been collected.
                assert value is None or read[region, part] <= value, (part, whole, region)


def test_what_the_platform_makes_of_the_records_holds_it_too(computed_demo):
    points = pd.read_parquet(computed_demo / "points.parquet")
    values = points.pivot(index="region_code", columns="point_code", values="value")
    observed = points.pivot(index="region_code", columns="point_code", values="status")
    for point, base in rules(FRAMEWORK):
        if point in values:
            there = (observed[point] == "observed") & (values[point] != 0)
            assert not (there & (values[base] == 0)).any(), (point, base)
    for part, whole in PARTS:
        if part in values:
            assert not np.greater(values[part], values[whole]).any(), (part, whole)
