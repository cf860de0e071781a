"""The ledger, releases, checksums and differences of revisions."""

import json
import os
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from dagster_project.cli import app
from dagster_project.errors import GovIndexError
from dagster_project.files import remove
from dagster_project.publication import comparison, ledger, revisions
from dagster_project.publication.revisions import current_link, publish, release
from tests.unit.test_revisions import edition, files_of

CODE = {"code": {"a.sql": "1", "b.sql": "1"}}


@pytest.fixture
def folder(settings):
    return ledger.revisions_folder(settings, "f", "2019")


def lines_of(folder):
    return [json.loads(text) for text in (folder / "ledger.jsonl").read_text().splitlines()]


def put(settings, score, **more):
    return publish(settings, "f", "2019", edition(score), **more)


def test_a_publication_is_a_line_with_cause_reason_run_and_checksum(settings, folder):
    first = replace(edition(), sources=CODE)
    publish(settings, "f", "2019", first, run="run-1", fingerprint="abc")
    second = replace(edition(2.5), sources={"code": {"a.sql": "2", "c.sql": "1"}})
    publish(settings, "f", "2019", second, reason="better", run="run-2")
    one, two = lines_of(folder)
    assert (one["event"], one["revision"], one["run"]) == ("publication", 1, "run-1")
    assert one["fingerprint"] == "abc"
    assert one["cause"] == [{"cause": "missing", "source": "no revision before"}]
    assert one["checksum"] == revisions.sha256_of(folder / "1" / "manifest.json")
    assert (two["reason"], two["run"]) == ("better", "run-2")
    # a.sql changed, b.sql is read no more, c.sql is new.
    assert [cause["source"] for cause in two["cause"]] == ["a.sql", "b.sql", "c.sql"]


def test_the_same_content_is_no_line(settings, folder):
    put(settings, 1.5)
    put(settings, 1.5, run="again", reason="again")
    assert len(lines_of(folder)) == 1


def test_files_and_folders_of_a_revision_are_read_only(settings, folder):
    put(settings, 1.5)
    paths = [folder / "1", *(folder / "1").rglob("*")]
    assert {p.stat().st_mode & 0o777 for p in paths if p.is_file()} == {0o444}
    assert {p.name for p in paths if p.is_dir()} == {"1", "sql"}
    assert {p.stat().st_mode & 0o777 for p in paths if p.is_dir()} == {0o555}


def test_a_read_only_folder_that_a_kill_left_does_not_stop_the_next_publication(settings, folder):
    put(settings, 1.5)
    part = folder / ".2.part"
    shutil.copytree(folder / "1", part)
    assert part.stat().st_mode & 0o777 == 0o555
    assert put(settings, 2.5) == 2
    assert not part.exists()


def test_an_edition_is_a_draft_until_it_is_released(settings, folder):
    put(settings, 1.5)
    put(settings, 2.5)
    assert ledger.read(folder).released == 0
    assert release(settings, "f", "2019") == 2
    assert ledger.read(folder).released == 2


def test_what_is_released_is_not_replaced_without_a_reason(settings, folder):
    put(settings, 1.5)
    release(settings, "f", "2019")
    before = files_of(folder)
    with pytest.raises(GovIndexError, match="replaced only with a reason"):
        put(settings, 2.5)
    with pytest.raises(GovIndexError, match="replaced only with a reason"):
        put(settings, 2.5, reason="  ")
    assert files_of(folder) == before
    assert put(settings, 1.5) == 1
    assert put(settings, 2.5, reason="a wrong weight") == 2


def test_a_second_release_needs_a_reason(settings):
    put(settings, 1.5)
    release(settings, "f", "2019")
    with pytest.raises(GovIndexError, match="revision 1 is released already"):
        release(settings, "f", "2019", "again")
    put(settings, 2.5, reason="better")
    with pytest.raises(GovIndexError, match="say with --reason why revision 2"):
        release(settings, "f", "2019")
    assert release(settings, "f", "2019", "better") == 2


def test_nothing_published_cannot_be_released(settings):
    with pytest.raises(GovIndexError, match="nothing is published"):
        release(settings, "f", "2019")


def test_a_changed_revision_is_not_released(settings, folder):
    put(settings, 1.5)
    path = folder / "1" / "rankings.csv"
    path.chmod(0o644)
    path.write_text("x")
    with pytest.raises(GovIndexError, match=r"rankings\.csv: changed since it was published"):
        release(settings, "f", "2019")


def cut(folder, count):
    path = folder / "ledger.jsonl"
    path.write_bytes(path.read_bytes()[:-count])


@pytest.mark.parametrize("count", [2, 40, 300])
def test_a_publication_that_was_cut_short_is_made_good(settings, folder, count):
    put(settings, 1.5)
    put(settings, 2.5, reason="better", run="run-2", fingerprint="abc")
    before = lines_of(folder)
    cut(folder, count)
    known = ledger.read(folder)
    assert "the last line was cut short" in known.complaint
    assert [(one.event, one.revision) for one in known.lines] == [
        ("publication", 1),
        ("publication", 2),
    ]
    assert known.lines[1].reason == "better"
    assert put(settings, 3.5) == 3
    assert [line["revision"] for line in lines_of(folder)] == [1, 2, 3]
    assert lines_of(folder)[:2] == before
    assert ledger.read(folder).complaint == ""


def test_a_release_that_was_cut_short_stays_a_release(settings, folder):
    put(settings, 1.5)
    release(settings, "f", "2019")
    cut(folder, 100)
    assert ledger.read(folder).released == 1
    with pytest.raises(GovIndexError, match="replaced only with a reason"):
        put(settings, 2.5)
    assert [line["event"] for line in lines_of(folder)] == ["publication", "release"]


RECORDS = (".1.publication.json", ".1.release.json", ".2.publication.json")


@pytest.fixture
def history(settings, folder):
    """Lines of two revisions, the first of them released."""
    publish(settings, "f", "2019", replace(edition(), sources=CODE), run="run-1", fingerprint="a")
    release(settings, "f", "2019")
    second = replace(edition(2.5), sources={"code": {"a.sql": "2", "b.sql": "1"}})
    publish(settings, "f", "2019", second, "better", run="run-2", fingerprint="b")
    assert all((folder / name).is_file() for name in RECORDS)
    return lines_of(folder)


@pytest.mark.parametrize("kept", [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]])
def test_lines_that_were_lost_are_mended_as_they_were(settings, folder, history, kept, capsys):
    path = folder / "ledger.jsonl"
    if kept:
        path.write_text("".join(json.dumps(history[number]) + "\n" for number in kept))
    else:
        path.unlink()
    known = ledger.read(folder)
    assert [json.loads(json.dumps(one.__dict__)) for one in known.lines] == history
    assert known.released == 1
    [said] = revisions.problems_of(settings, "f", "2019")
    assert said.startswith("revisions/f/2019/ledger.jsonl: the ")
    assert "is read from its record beside the revision" in said
    with pytest.raises(GovIndexError, match="released as revision 1, so what is published is"):
        put(settings, 3.5)
    assert capsys.readouterr().err == f"govindex: {said}; the ledger was mended\n"
    assert sorted(map(str, lines_of(folder))) == sorted(map(str, history))
    assert revisions.problems_of(settings, "f", "2019") == []


def test_without_records_the_revisions_say_what_they_follow_from(settings, folder, history):
    for name in ("ledger.jsonl", *RECORDS):
        (folder / name).unlink()
    known = ledger.read(folder)
    first, second, taken = known.lines
    assert (first.cause, first.checksum) == (history[0]["cause"], history[0]["checksum"])
    assert second.cause == history[2]["cause"] == [{"cause": "code", "source": "a.sql"}]
    assert (second.reason, second.checksum) == ("better", history[2]["checksum"])
    assert (second.run, second.fingerprint) == ("", "")
    assert "not known" in second.note
    # It may have been released, and a release is not forgotten.
    assert (taken.event, taken.revision, known.released) == ("release", 2, 2)
    assert "whether it was released is not known" in known.complaint
    with pytest.raises(GovIndexError, match="replaced only with a reason"):
        put(settings, 3.5)
    assert put(settings, 3.5, reason="mended") == 3
    assert [line["event"] for line in lines_of(folder)] == [
        *("publication", "publication", "release", "publication")
    ]


def test_a_release_is_known_though_ledger_and_revision_are_gone(settings, folder, history):
    (folder / "ledger.jsonl").unlink()
    remove(folder / "1")
    assert ledger.read(folder).released == 1
    assert "the publication of revision 1 is that of a revision whose folder is missing" in (
        mended_problems(settings, folder)
    )


def mended_problems(settings, folder):
    ledger.mend(folder)
    return "\n".join(revisions.problems_of(settings, "f", "2019"))


def test_a_ledger_that_disagrees_with_its_records_is_said(settings, folder, history):
    path = folder / "ledger.jsonl"
    forged = [history[0], history[1], {**history[2], "reason": "worse", "run": "x"}, history[0]]
    path.write_text("".join(json.dumps(line) + "\n" for line in forged))
    [changed, another, twice] = revisions.problems_of(settings, "f", "2019")
    assert changed == (
        "revisions/f/2019/ledger.jsonl, line 3: the publication of revision 2 is not as it was "
        "written (its record .2.publication.json differs)"
    )
    assert "line 3: the publication of revision 2 gives another reason than 2/manifest" in another
    assert "line 4: the publication of revision 1 stands there twice" in twice


def test_a_ledger_of_before_there_were_records_gets_them(settings, folder, history):
    for name in RECORDS:
        (folder / name).unlink()
    assert put(settings, 3.5, reason="third") == 3
    assert all((folder / name).is_file() for name in (*RECORDS, ".3.publication.json"))
    assert revisions.problems_of(settings, "f", "2019") == []


def test_a_missing_line_end_is_not_a_missing_line(settings, folder):
    put(settings, 1.5)
    cut(folder, 1)
    assert ledger.read(folder).complaint == ""
    put(settings, 2.5)
    assert [line["revision"] for line in lines_of(folder)] == [1, 2]


def test_another_line_that_cannot_be_read_is_refused(settings, folder):
    put(settings, 1.5)
    put(settings, 2.5)
    path = folder / "ledger.jsonl"
    path.write_text("nonsense\n" + path.read_text().splitlines()[1] + "\n")
    with pytest.raises(GovIndexError, match=r"f/2019/ledger\.jsonl, line 1: cannot be read"):
        put(settings, 3.5)
    [said] = revisions.problems_of(settings, "f", "2019")
    assert "take it away: it is then mended from its record" in said


def test_a_clock_that_was_set_back_breaks_no_order(settings, folder, monkeypatch):
    monkeypatch.setattr(ledger, "now", lambda: "2030-01-01T00:00:00+00:00")
    put(settings, 1.5)
    release(settings, "f", "2019")
    monkeypatch.setattr(ledger, "now", lambda: "1999-01-01T00:00:00+00:00")
    assert put(settings, 2.5, reason="better") == 2
    assert current_link(settings, "f", "2019").resolve().name == "2"
    assert [(line["event"], line["revision"]) for line in lines_of(folder)] == [
        ("publication", 1),
        ("release", 1),
        ("publication", 2),
    ]


# The steps of a publication that a kill may come between.
STEPS = ["write", "prepare", "replace", "mend", "_link"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("afterwards", [False, True])
def test_a_kill_at_any_step_leaves_old_or_new_and_is_made_good(
    settings, folder, monkeypatch, step, afterwards
):
    put(settings, 1.5)
    release(settings, "f", "2019")
    old = files_of(folder / "1")

    class Killed(BaseException):
        pass

    calls = {"mend": 0}

    def kill(real):
        def killed(*arguments, **named):
            calls["mend"] += 1
            # The first mend is before the publication.
            if step == "mend" and calls["mend"] == 1:
                return real(*arguments, **named)
            if step == "replace" and not str(arguments[0]).endswith(".part"):
                return real(*arguments, **named)
            if afterwards:
                real(*arguments, **named)
            raise Killed

        return killed

    owner = {"prepare": ledger, "mend": ledger, "replace": type(folder)}.get(step, revisions)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, kill(getattr(owner, step)))
        with pytest.raises(Killed):
            put(settings, 2.5, reason="better", run="killed")
    published = current_link(settings, "f", "2019").resolve()
    assert published.name in ("1", "2")
    content = json.loads((published / "manifest.json").read_text())
    assert set(content["files"]) == set(files_of(published)) - {"manifest.json"}
    (folder / ".1.json.99.part").write_text('{"ev')
    assert put(settings, 2.5, reason="better", run="next") == 2
    assert not list(folder.glob(".*.part"))
    assert current_link(settings, "f", "2019").resolve().name == "2"
    assert files_of(folder / "1") == old
    lines = lines_of(folder)
    assert [(line["event"], line["revision"]) for line in lines] == [
        ("publication", 1),
        ("release", 1),
        ("publication", 2),
    ]
    assert lines[2]["reason"] == "better"
    assert lines[2]["run"] in ("killed", "next")
    assert revisions.problems_of(settings, "f", "2019") == []


def test_what_is_wrong_with_revisions_is_said_by_file(settings, folder):
    put(settings, 1.5)
    assert revisions.problems_of(settings, "f", "2019") == []
    for path in (folder / "1", folder / "1" / "sql"):
        path.chmod(0o755)
    (folder / "1" / "extra").write_text("x")
    (folder / "1" / "sql" / "total.sql").unlink()
    current_link(settings, "f", "2019").unlink()
    found = "\n".join(revisions.problems_of(settings, "f", "2019"))
    assert "revisions/f/2019/1/extra: was not published with the revision" in found
    assert "revisions/f/2019/1/sql/total.sql: is missing" in found
    assert "published/f/2019: shows revision none instead of 1" in found
    manifest = folder / "1" / "manifest.json"
    os.chmod(manifest, 0o644)
    manifest.write_text("{}")
    found = "\n".join(revisions.problems_of(settings, "f", "2019"))
    assert "revisions/f/2019/1/manifest.json: is not the file that was published" in found


def test_a_number_is_not_given_again_though_its_folder_is_gone(settings):
    put(settings, 1.5)
    put(settings, 2.5)
    folder = settings.revisions / "f" / "2019" / "2"
    remove(folder)
    assert put(settings, 3.5) == 3
    assert [line.revision for line in ledger.read(folder.parent).lines] == [1, 2, 3]


def test_a_revision_that_is_not_there_is_named(settings):
    put(settings, 1.5)
    with pytest.raises(GovIndexError, match="f 2019 has no revision 7; known: 1"):
        revisions.revision_folder(settings, "f", "2019", 7)


def test_every_changed_cell_is_found_and_no_other(settings, folder):
    put(settings, 1.5)
    put(settings, 2.5)
    tables = [comparison.tables_of(folder / number) for number in ("1", "2")]
    [change] = comparison.compare(*tables)
    assert change.as_dict() == {
        "table": "rankings",
        "region_code": "01101",
        "region_name": "=1+1",
        "column": "score",
        "before": "1.5",
        "after": "2.5",
    }
    assert comparison.compare(tables[0], tables[0]) == []


def test_rows_and_tables_that_came_or_went_are_changes():
    def table(codes):
        return comparison.as_printed(pd.DataFrame({"region_code": codes, "score": 1.0}))

    found = comparison.compare(
        {"rankings": table(["a", "b"]), "old": table(["a"])},
        {"rankings": table(["b", "c"]), "new": table(["a"])},
    )
    assert {(one.table, one.key.get("region_code"), one.before, one.after) for one in found} == {
        ("new", None, "no table", "table"),
        ("old", None, "table", "no table"),
        ("rankings", "a", "row", "no row"),
        ("rankings", "c", "no row", "row"),
    }


def test_rows_that_one_key_names_twice_are_told_apart():
    def table(scores):
        return comparison.as_printed(pd.DataFrame({"region_code": "a", "score": scores}))

    [change] = comparison.compare({"t": table([1, 2])}, {"t": table([1, 3])})
    assert (change.before, change.after) == ("2", "3")


def test_another_mark_of_a_table_is_a_change_of_the_table():
    def table(conforms):
        rows = pd.DataFrame({"region_code": ["a", "b"], "score": 1.0, "revision": 1})
        return comparison.as_printed(rows.assign(synthetic=True, conforms=conforms))

    [change] = comparison.compare({"rankings": table(True)}, {"rankings": table(False)})
    assert change.as_dict() == {
        "table": "rankings",
        "column": "conforms",
        "before": "true",
        "after": "false",
    }


def test_the_editions_of_the_history_are_told_apart():
    def table(**scores):
        rows = [
            {
                "edition": of.strip("e"),
                "region_code": "a",
                "indicator_code": "total",
                "score": score,
            }
            for of, score in scores.items()
        ]
        return comparison.as_printed(pd.DataFrame(rows))

    [change] = comparison.compare(
        {"history": table(e2018=1, e2019=2)}, {"history": table(e2018=1, e2019=3)}
    )
    assert (change.key["edition"], change.before, change.after) == ("2019", "2", "3")
    # An edition that came to it is rows of its own, and the others are the same.
    [change] = comparison.compare({"history": table(e2019=2)}, {"history": table(e2018=1, e2019=2)})
    assert (change.key["edition"], change.before, change.after) == ("2018", "no row", "row")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [("{}", "cannot be read"), ("", "is missing"), ('{"reason": "', "cannot be read")],
)
def test_a_manifest_that_is_lost_or_cut_is_one_sentence(settings, folder, spoil, said):
    put(settings, 1.5)
    remove_from(folder / "1", "manifest.json", spoil)
    found = "\n".join(revisions.problems_of(settings, "f", "2019"))
    assert ("whose manifest.json is missing" in found) == (not spoil)
    with pytest.raises(GovIndexError, match=f"^revisions/f/2019/1/manifest.json: {said}.*put back"):
        put(settings, 2.5, reason="better")


def test_a_release_mends_a_ledger_that_was_cut(settings, folder):
    put(settings, 1.5)
    path = folder / "ledger.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert release(settings, "f", "2019", reason="  ") == 1
    assert path.read_bytes().startswith(whole)
    assert lines_of(folder)[-1]["reason"] == ""
    assert [line["event"] for line in lines_of(folder)] == ["publication", "release"]
    assert revisions.problems_of(settings, "f", "2019") == []


def remove_from(revision, name, instead=""):
    """Takes a file of a revision away, or leaves something else in its place."""
    revision.chmod(0o755)
    (revision / name).unlink()
    if instead:
        (revision / name).write_text(instead)


@pytest.fixture
def chile(settings, monkeypatch):
    """The command line where Chile's edition of 2019 has what `put` publishes."""
    for name, value in (("GOVINDEX_DATA", settings.data), ("GOVINDEX_RAW", settings.raw)):
        monkeypatch.setenv(name, str(value))

    def run(*arguments):
        options = ["--framework", "chile_egi", "--edition", "2019"]
        result = CliRunner().invoke(app, [arguments[0], *options, *arguments[1:]])
        return result.exception or result.stdout, result.stderr

    return run


def test_a_difference_needs_two_revisions(settings, chile):
    error, _ = chile("diff")
    assert str(error) == "chile_egi 2019 has no revision 1; known: none"
    publish(settings, "chile_egi", "2019", edition())
    error, _ = chile("diff")
    assert str(error) == "chile_egi 2019 has no revision before 1 to compare with"
    publish(settings, "chile_egi", "2019", edition(2.5))
    output, _ = chile("diff")
    assert "revision 2, publication" in output


def test_a_difference_says_which_files_are_not_those_that_were_published(settings, chile):
    for score in (1.5, 2.5):
        publish(settings, "chile_egi", "2019", edition(score))
    second = ledger.revisions_folder(settings, "chile_egi", "2019") / "2"
    remove_from(second, "rankings.csv", "region_code,score\n1,9\n")
    output, errors = chile("diff")
    place = "revisions/chile_egi/2019/2/rankings.csv"
    assert f"govindex: {place}: changed since it was published" in errors
    assert "rankings" in output
    (second / "rankings.csv").write_bytes(b"\xff")
    error, _ = chile("diff")
    assert str(error).startswith(f"{place}: cannot be read")


def test_nothing_is_not_verified(settings, chile):
    error, _ = chile("verify")
    assert str(error) == "chile_egi 2019: has no revision that could be verified"
    publish(settings, "chile_egi", "2019", edition())
    assert chile("verify") == ("1 revisions are as they were published.\n", "")
