"""What is watched: changed raw files are reported for their edition alone."""

import dagster as dg
import pytest

from dagster_project.automation import raw_files_sensor
from dagster_project.frameworks import framework
from dagster_project.staleness import stale_editions_sensor


def test_a_changed_raw_file_is_reported_once_for_its_edition(sandbox):
    sensor = raw_files_sensor(sandbox.settings, framework("chile_egi"))
    with dg.DagsterInstance.ephemeral() as instance:
        first = sensor(dg.build_sensor_context(instance=instance))
        assert first.asset_events == []
        sandbox.change("2019", "egi_2019.csv", lambda c: c.replace(b"ARICA,1,", b"ARICA,0,", 1))
        second = sensor(dg.build_sensor_context(instance=instance, cursor=first.cursor))
        assert [event.partition for event in second.asset_events] == ["2019"]
        third = sensor(dg.build_sensor_context(instance=instance, cursor=second.cursor))
        assert third.asset_events == []


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a.parquet", "a.csv.gz", "a.dta", "a.jsonl", "a", "corrections.csv"]
)
def test_the_check_of_stale_editions_is_asked_for_when_a_raw_file_of_any_format_rests(
    settings, name
):
    sensor = stale_editions_sensor(settings, [dg.define_asset_job("check")])
    path = settings.raw / "chile_egi" / "2019" / name
    path.parent.mkdir(parents=True)
    with dg.DagsterInstance.ephemeral() as instance:

        def requests(cursor):
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            found = sensor(context)
            return getattr(found, "run_requests", []), getattr(found, "cursor", context.cursor)

        _, seen = requests(None)
        [_], checked = requests(seen)
        assert requests(checked) == ([], checked)
        path.write_bytes(b"x")
        changing, seen = requests(checked)
        assert changing == []
        [asked], _ = requests(seen)
        assert asked.job_name == "check"
