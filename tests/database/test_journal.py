from collections.abc import Callable

import pytest
from sqlalchemy import text, update

from iprkit.database import journal, queries
from iprkit.database.connect import Study
from iprkit.database.models import Dyad, Session
from iprkit.errors import Conflict

AddDyad = Callable[..., None]


def dyads(study: Study) -> list[str]:
    with study.read() as db:
        return [dyad.key for dyad in queries.all_dyads(db)]


def undo(study: Study, of: str | None = None) -> str:
    with study.write() as db:
        return journal.undo(db, study.author, of).action


def redo(study: Study) -> str:
    with study.write() as db:
        return journal.redo(db, study.author).action


def redate(study: Study, key: str, date: str) -> None:
    with study.change(f"dated {key}", key) as db:
        queries.conversation(db, key).date = date


def date_of(study: Study, key: str) -> str | None:
    with study.read() as db:
        return queries.conversation(db, key).date


def test_a_change_outside_the_journal_is_refused(study: Study) -> None:
    with pytest.raises(RuntimeError, match="outside a change"), study.write() as db:
        db.add(Dyad(key="D01"))


def test_a_statement_that_changes_many_rows_at_once_is_refused(study: Study) -> None:
    with pytest.raises(RuntimeError, match="journaled"), study.change("all") as db:
        db.execute(update(Dyad).values(key="X"))


def test_a_failed_change_leaves_neither_rows_nor_entry(study: Study, add_dyad: AddDyad) -> None:
    with pytest.raises(ZeroDivisionError), study.change("broken", "D01") as db:
        db.add(Dyad(key="D01"))
        db.flush()
        raise ZeroDivisionError
    assert dyads(study) == []
    with study.read() as db:
        assert journal.history(db, "D01") == []


def test_a_change_that_changes_nothing_is_not_written(study: Study) -> None:
    with study.change("nothing", "D01"):
        pass
    with study.read() as db:
        assert journal.history(db, "D01") == []


def test_undo_takes_back_what_was_added(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    assert undo(study) == "undid: added dyad D01"
    assert dyads(study) == []


def test_undo_gives_a_changed_value_back(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    redate(study, "D01-S01", "2026-01-01")
    redate(study, "D01-S01", "2026-02-02")
    undo(study)
    assert date_of(study, "D01-S01") == "2026-01-01"


def test_undo_brings_back_what_was_deleted_with_the_same_identity(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01", session=False)
    with study.change("removed dyad D01", "D01") as db:
        gone = queries.dyad(db, "D01")
        identity = gone.id
        db.delete(gone)
    undo(study)
    with study.read() as db:
        assert queries.dyad(db, "D01").id == identity


def test_undo_goes_back_step_by_step(study: Study, add_dyad: AddDyad) -> None:
    for key in ("D01", "D02", "D03"):
        add_dyad(key)
    undo(study)
    undo(study)
    assert dyads(study) == ["D01"]


def test_redo_brings_back_the_change_undone_last(study: Study, add_dyad: AddDyad) -> None:
    for key in ("D01", "D02", "D03"):
        add_dyad(key)
    undo(study)
    undo(study)
    assert redo(study) == "redid: added dyad D02"
    assert redo(study) == "redid: added dyad D03"
    assert dyads(study) == ["D01", "D02", "D03"]


def test_what_was_redone_can_be_undone_again(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    undo(study)
    redo(study)
    undo(study)
    assert dyads(study) == []


def test_a_new_change_ends_redo(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    undo(study)
    add_dyad("D02")
    with pytest.raises(Conflict, match="nothing to redo"):
        redo(study)


def test_the_beginning_of_the_study_cannot_be_undone(study: Study) -> None:
    with pytest.raises(Conflict, match="nothing to undo"):
        undo(study)


def test_undoing_ones_own_change_passes_over_the_changes_of_others(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    bob = Study(study.folder, study.engine, "bob")
    with bob.change("added dyad D02", "D02") as db:
        db.add(Dyad(key="D02"))
    undo(study, of="anna")
    assert dyads(study) == ["D02"]


def test_undo_refuses_where_somebody_built_upon_the_change_and_names_the_key(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01", session=False)
    bob = Study(study.folder, study.engine, "bob")
    with bob.change("added session D01-S01", "D01-S01") as db:
        db.add(Session(key="D01-S01", number=1, dyad=queries.dyad(db, "D01")))
    with pytest.raises(Conflict, match="D01 was changed since"):
        undo(study, of="anna")


def test_undo_refuses_where_the_same_value_was_changed_since(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    redate(study, "D01-S01", "2026-01-01")
    redate(Study(study.folder, study.engine, "bob"), "D01-S01", "2026-02-02")
    with pytest.raises(Conflict, match="D01-S01 was changed since"):
        undo(study, of="anna")
    assert date_of(study, "D01-S01") == "2026-02-02"


def test_undo_keeps_another_value_of_the_same_row_that_was_changed_since(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    redate(study, "D01-S01", "2026-01-01")
    with Study(study.folder, study.engine, "bob").change("renumbered", "D01-S01") as db:
        queries.conversation(db, "D01-S01").number = 7
    undo(study, of="anna")
    with study.read() as db:
        session = queries.conversation(db, "D01-S01")
        assert (session.date, session.number) == (None, 7)


def test_undo_refuses_where_the_row_was_changed_behind_the_journal(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01", session=False)
    with study.engine.begin() as connection:
        connection.execute(text("UPDATE dyad SET key = 'D09'"))
    with pytest.raises(Conflict, match="D01 was changed since"):
        undo(study)


def test_the_old_value_is_journaled_even_if_nobody_had_read_it(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    redate(study, "D01-S01", "2026-01-01")
    with study.change("dated again", "D01-S01") as db:
        session = queries.conversation(db, "D01-S01")
        db.expire(session)
        session.date = "2026-02-02"
    undo(study)
    assert date_of(study, "D01-S01") == "2026-01-01"


def test_history_tells_who_did_what_to_a_dyad_and_to_its_sessions(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    add_dyad("D02")
    redate(study, "D01-S01", "2026-01-01")
    undo(study)
    with study.read() as db:
        told = [(entry.author, entry.action) for entry in journal.history(db, "D01")]
    assert told == [
        ("anna", "added dyad D01"),
        ("anna", "dated D01-S01"),
        ("anna", "undid: dated D01-S01"),
    ]


def test_the_time_of_an_entry_is_utc(study: Study, add_dyad: AddDyad) -> None:
    add_dyad("D01")
    with study.read() as db:
        assert journal.history(db, "D01")[0].at.endswith("Z")


def test_a_change_inside_a_change_is_refused(study: Study) -> None:
    with (
        pytest.raises(RuntimeError, match="inside the change 'outer'"),
        study.change("outer") as db,
        journal.change(db, "inner", author="anna"),
    ):
        pass


def test_two_changes_in_one_transaction_are_two_steps_of_undo(study: Study) -> None:
    with study.write() as db:
        for key in ("D01", "D02"):
            with journal.change(db, f"added {key}", subject=key, author="anna"):
                db.add(Dyad(key=key))
    undo(study)
    assert dyads(study) == ["D01"]
