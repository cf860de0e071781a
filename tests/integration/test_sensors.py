"""What is watched: changed raw files are reported for their edition alone."""

import dagster as dg

from dagster_project.automation import raw_files_sensor
from dagster_project.frameworks import framework


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
