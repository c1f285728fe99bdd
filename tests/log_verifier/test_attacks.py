"""What somebody who owns the database may try, and what the auditor sees."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.log_verifier.conftest import assert_refused

LEAF_3 = "(SELECT event_id FROM audit_leaves WHERE leaf_index = 3)"


def kept(installation: Any, note: str) -> Path:
    """The auditor's own copy of a checkpoint."""
    path: Path = installation.folder / f"kept-{len(list(installation.folder.glob('kept-*')))}"
    path.write_text(note, encoding="utf-8")
    return path


def verified(installation: Any) -> Result:
    """What the auditor's command says of the log as it is now, with the key alone."""
    done: Result = installation.verify(installation.export(), "--key", installation.key())
    return done


def test_a_log_that_nobody_touched_holds(installation: Any) -> None:
    note = installation.seal(10, batches=3)
    export = installation.export()
    result = installation.verify(
        export, "--key", installation.key(), "--checkpoint", kept(installation, note)
    )
    assert result.exit_code == 0, result.output
    assert "30 events under 3 checkpoints" in result.stdout
    assert installation.run("verify").exit_code == 0


def test_a_compressed_export_and_a_key_in_a_file(installation: Any) -> None:
    installation.seal(5)
    key = installation.folder / "log.vkey"
    key.write_text(installation.key() + "\n", encoding="utf-8")
    assert installation.verify(installation.export("log.ndjson.gz"), "--key", key).exit_code == 0


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("outcome = 'permit'", "was changed"),
        ("client_id = NULL", "was changed"),
        ("customer_id = 'C1'", "was changed"),
        ("reasons = '[\"care_between_domains\" ]'", "was changed"),
    ],
)
def test_a_changed_event_is_named(installation: Any, change: str, found: str) -> None:
    installation.seal(5, batches=2)
    installation.as_owner(f"UPDATE audit_events SET {change} WHERE event_id = {LEAF_3}")
    event = "leaf 3"
    assert_refused(verified(installation), event, found, "0 to 4")
    assert_refused(installation.run("verify"), event, found)


def test_a_removed_event_is_named(installation: Any) -> None:
    installation.seal(5)
    installation.as_owner(f"DELETE FROM audit_events WHERE event_id = {LEAF_3}")
    assert_refused(verified(installation), "leaf 3", "is missing")
    assert_refused(installation.run("verify"), "leaf 3", "is missing")


def test_a_removed_event_with_its_leaf(installation: Any) -> None:
    installation.seal(5)
    installation.as_owner(
        f"DELETE FROM audit_events WHERE event_id = {LEAF_3}", "DELETE FROM audit_leaves WHERE leaf_index = 3"
    )
    assert_refused(verified(installation), "leaf 3 is missing")
    installation.as_owner("UPDATE audit_leaves SET leaf_index = 3 WHERE leaf_index = 4")
    assert_refused(installation.run("verify"), "a checkpoint of 5 events stands behind 4")


def test_a_changed_event_with_its_leaf(installation: Any) -> None:
    installation.seal(5, batches=2)
    zeros = "zeroblob(32)" if "sqlite" in installation.url else "sha256('')"
    installation.as_owner(
        "UPDATE audit_events SET outcome = 'x' WHERE event_id ="
        " (SELECT event_id FROM audit_leaves WHERE leaf_index = 7)",
        f"UPDATE audit_leaves SET leaf_hash = {zeros} WHERE leaf_index = 7",
    )
    assert_refused(verified(installation), "from 5 to 9", "signed")


def test_events_in_another_order(installation: Any) -> None:
    installation.seal(5)
    installation.as_owner(
        "UPDATE audit_leaves SET leaf_index = 99 WHERE leaf_index = 1",
        "UPDATE audit_leaves SET leaf_index = 1 WHERE leaf_index = 2",
        "UPDATE audit_leaves SET leaf_index = 2 WHERE leaf_index = 99",
    )
    assert_refused(verified(installation), "from 0 to 4", "signed")


def test_an_inserted_event(installation: Any) -> None:
    """Between leaves 2 and 3, with everything behind it moved up."""
    installation.seal(5)
    shift = [f"UPDATE audit_leaves SET leaf_index = {n + 1} WHERE leaf_index = {n}" for n in (4, 3)]
    id_ = "x'01a20059624a7f9fb35ae4b5841b95c1'" if "sqlite" in installation.url else "gen_random_uuid()"
    columns = "at, kind, outcome, domains, reasons, count, detail"
    installation.as_owner(
        *shift,
        f"INSERT INTO audit_events (event_id, {columns}) SELECT {id_}, {columns} FROM audit_events LIMIT 1",
        "INSERT INTO audit_leaves"
        " SELECT 3, event_id, (SELECT leaf_hash FROM audit_leaves WHERE leaf_index = 0)"
        " FROM audit_events WHERE event_id NOT IN (SELECT event_id FROM audit_leaves)",
    )
    assert_refused(installation.run("verify"), "from 0 to 4", "signed", "leaf 3")


CUT_BACK = [
    "DELETE FROM audit_events WHERE event_id IN (SELECT event_id FROM audit_leaves WHERE leaf_index > 4)",
    "DELETE FROM audit_leaves WHERE leaf_index > 4",
    "DELETE FROM audit_checkpoints WHERE size > 5",
]


def test_a_log_cut_back_to_an_older_checkpoint_is_found_by_the_copy_outside(installation: Any) -> None:
    note = installation.seal(5, batches=2)
    installation.as_owner(*CUT_BACK)
    export, key = installation.export(), installation.key()
    assert installation.verify(export, "--key", key).exit_code == 0, "in itself the shorter log is whole"
    assert_refused(
        installation.verify(export, "--key", key, "--checkpoint", kept(installation, note)), "cut back", "10"
    )


def test_the_file_that_the_service_leaves_is_a_copy_outside_the_database(installation: Any) -> None:
    note = installation.seal(5, batches=2)
    (installation.folder / "checkpoint").write_text(note, encoding="utf-8")
    assert installation.run("verify").exit_code == 0
    installation.as_owner(*CUT_BACK)
    assert_refused(installation.run("verify"), "cut back")


REWRITE = [
    "UPDATE audit_events SET outcome = 'no_match'",
    "DELETE FROM audit_leaves",
    "DELETE FROM audit_tiles",
    "DELETE FROM audit_checkpoints",
]


def test_a_rewritten_history_signed_with_another_key(installation: Any) -> None:
    installation.seal(5)
    key = installation.key()
    installation.as_owner(*REWRITE)
    installation.seal(1, keys=installation.other_keys())
    assert_refused(installation.verify(installation.export(), "--key", key), "not signed with the given key")
    assert_refused(installation.run("verify"), "not signed with the given key")


def test_a_rewritten_history_signed_with_the_stolen_key_is_found_by_the_copy_outside(
    installation: Any,
) -> None:
    note = installation.seal(5)
    installation.as_owner(*REWRITE)
    installation.seal(3)
    export, key = installation.export(), installation.key()
    assert installation.verify(export, "--key", key).exit_code == 0, "the key vouches for it"
    copy = kept(installation, note)
    assert_refused(installation.verify(export, "--key", key, "--checkpoint", copy), "history was rewritten")


def test_a_part_of_the_log_is_verified_from_the_checkpoint_before_it(installation: Any, soon: str) -> None:
    installation.seal(5)
    first = kept(installation, installation.seal(6))
    export = installation.export("part.ndjson", "--from", soon)
    assert '"leaf"' not in export.read_text(encoding="utf-8")
    last = kept(installation, installation.seal(7))
    key = installation.key()
    part = installation.export("all.ndjson", "--from", "2020-01-01", "--to", soon)
    assert installation.verify(part, "--key", key, "--checkpoint", first, "--checkpoint", last).exit_code == 0
    whole = installation.export().read_text(encoding="utf-8").splitlines(keepends=True)
    tail = installation.folder / "tail.ndjson"
    tail.write_text("".join(export.read_text(encoding="utf-8").splitlines(keepends=True) + whole[-9:]))
    result = installation.verify(tail, "--key", key, "--checkpoint", last)
    assert "8 events" in result.stdout, result.output
    unsigned = installation.verify(tail, "--key", key, "--checkpoint", kept(installation, "x"))
    assert_refused(unsigned, "not a signed")


def test_an_export_that_breaks_off(installation: Any) -> None:
    installation.seal(5, batches=2)
    export, key = installation.export(), installation.key()
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    for count, words in ((0, "empty"), (9, "end of the export is missing")):
        export.write_text("".join(lines[:count]), encoding="utf-8")
        assert_refused(installation.verify(export, "--key", key), words)
    export.write_text("".join(lines)[:-30], encoding="utf-8")
    assert_refused(installation.verify(export, "--key", key), "damaged")
    export.write_text("".join(lines[1:]), encoding="utf-8")
    assert_refused(installation.verify(export, "--key", key), "not an export")


def test_an_auditor_who_names_no_key_is_told_so(installation: Any) -> None:
    installation.seal(1)
    assert_refused(installation.verify(installation.export()), "--key")
    assert_refused(installation.verify(installation.export(), "--key", "a+b"), "looks like")


def test_before_the_first_seal_there_is_nothing_to_verify(installation: Any) -> None:
    assert_refused(installation.run("verify"), "nothing is sealed yet")
