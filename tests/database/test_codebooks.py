"""Codebooks as rows: pinned, changed row by row, undone, and counted by what points to them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, text

from iprkit.codebook import Code, Codebook, Rules
from iprkit.codebook_changes import add_code, brought_up_to, edit_code, merge_codes, move_code, retire_code, split_code
from iprkit.database import codebook_queries, journal
from iprkit.database.codebook_models import CodebookRow, CodeRow
from iprkit.database.codebooks import change_codebook, codebook_row, load_codebook, pin_codebook
from iprkit.database.connect import Study
from iprkit.database.models import Base
from iprkit.errors import Conflict, NotFound
from iprkit.scale import Anchor, Scale

Change = Callable[[Codebook], Codebook]

BOOK = Codebook(
    "ruptures",
    "1",
    (
        Code("wd", "Withdrawal", codable=False, colour="#4477AA", rules=Rules(speaker="client", scores=("count",))),
        Code("denial", "Denial", "wd", definition="Waves it off.", examples=("“No.”",), shortcut="d"),
        Code("minimal", "Minimal response", "wd", rules=Rules(scale="salience")),
        Code("cf", "Confrontation"),
        Code("old", "Old", retired=True, merged_into="cf"),
        Code("half", "Half", split_from="old"),
    ),
    title="Ruptures",
    rules=Rules(unit="window", window_ms=60_000, applies_to=("session", "moment")),
    scales=(Scale("salience", 1, 5, anchors=(Anchor(1, "none"),), no_evidence=1), Scale("apes", 0, 7, 0.1)),
    exclusive=True,
)


@pytest.fixture
def pinned(study: Study) -> Study:
    with study.change("pinned codebook ruptures", "ruptures") as db:
        pin_codebook(db, BOOK, "library")
    return study


def stored(study: Study) -> Codebook:
    with study.read() as db:
        return load_codebook(codebook_row(db, "ruptures"))


def change(study: Study, how: Change) -> None:
    with study.change("changed ruptures", "ruptures") as db:
        row = codebook_row(db, "ruptures")
        change_codebook(db, row, how(load_codebook(row)))


def undo(study: Study) -> None:
    with study.write() as db:
        journal.undo(db, study.author)


def redo(study: Study) -> None:
    with study.write() as db:
        journal.redo(db, study.author)


def test_a_pinned_codebook_says_what_it_said(pinned: Study) -> None:
    assert stored(pinned) == BOOK


def test_it_is_still_the_one_that_was_pinned(pinned: Study) -> None:
    with pinned.read() as db:
        row = codebook_row(db, "ruptures")
        assert (row.origin, row.origin_digest) == ("library", BOOK.digest)


def test_a_second_one_of_the_same_name_is_refused(pinned: Study) -> None:
    with pytest.raises(Conflict, match="has a codebook ruptures already"), pinned.change("again") as db:
        pin_codebook(db, BOOK, "library")


def test_an_unknown_one_is_refused_with_the_nearest(pinned: Study) -> None:
    with pytest.raises(NotFound, match="no codebook rupture in this study; did you mean ruptures"), pinned.read() as db:
        codebook_row(db, "rupture")


CHANGES: dict[str, Change] = {
    "add": lambda book: add_code(book, Code("split", "Split", "wd"), "denial"),
    "edit": lambda book: edit_code(book, "denial", replace(book.by_key["denial"], definition="New.", examples=())),
    "move": lambda book: move_code(book, "wd", "cf"),
    "merge": lambda book: merge_codes(book, ["denial"], "cf"),
    "split": lambda book: split_code(book, "denial", [("a", "A"), ("b", "B")]),
    "retire": lambda book: retire_code(book, "wd"),
    "update": lambda book: brought_up_to(
        book, Codebook("x", "2", (Code("denial", "No"), Code("new", "New", "denial")))
    ),
    "version": lambda book: replace(book, version="2", rules=Rules(unit="turn")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_stored_undone_and_redone(pinned: Study, name: str) -> None:
    change(pinned, CHANGES[name])
    wanted = CHANGES[name](BOOK)
    assert stored(pinned) == wanted
    undo(pinned)
    assert stored(pinned) == BOOK
    redo(pinned)
    assert stored(pinned) == wanted


def test_codes_keep_their_rows_whatever_is_changed(pinned: Study) -> None:
    def ids() -> dict[str, str]:
        with pinned.read() as db:
            return {code.key: code.id for code in codebook_row(db, "ruptures").codes}

    before = ids()
    for how in CHANGES.values():
        change(pinned, how)
        undo(pinned)
    change(pinned, CHANGES["merge"])
    change(pinned, CHANGES["move"])
    assert ids() == before


def test_pinning_is_undone_and_redone(pinned: Study) -> None:
    undo(pinned)
    with pinned.read() as db:
        assert codebook_queries.pinned_codebooks(db) == []
    redo(pinned)
    assert stored(pinned) == BOOK


def test_only_what_changed_is_journaled(pinned: Study) -> None:
    change(pinned, lambda book: edit_code(book, "denial", replace(book.by_key["denial"], definition="New.")))
    with pinned.read() as db:
        (row,) = journal.history(db, "denial")[-1].rows
        assert (row.table_name, row.key) == ("code", "denial")
        assert (row.before, row.after) == ({"definition": "Waves it off."}, {"definition": "New."})


def test_a_change_that_changes_nothing_is_no_step_of_undo(pinned: Study) -> None:
    change(pinned, lambda book: book)
    undo(pinned)
    with pinned.read() as db:
        assert codebook_queries.pinned_codebooks(db) == []


def test_two_people_change_different_codes_and_each_undoes_ones_own(pinned: Study) -> None:
    change(pinned, CHANGES["edit"])
    bob = Study(pinned.folder, pinned.engine, "bob")
    change(bob, lambda book: edit_code(book, "cf", replace(book.by_key["cf"], definition="Against.")))
    with pinned.write() as db:
        journal.undo(db, "anna", of="anna")
    assert stored(pinned).by_key["denial"] == BOOK.by_key["denial"]
    assert stored(pinned).by_key["cf"].definition == "Against."


def test_a_change_made_without_knowing_all_codes_is_refused(pinned: Study) -> None:
    with pytest.raises(Conflict, match=r"has other codes than this change knew \(half\)"):
        change(pinned, lambda book: replace(book, codes=tuple(code for code in book.codes if code.key != "half")))


def test_what_points_to_codes_is_counted_by_code_and_table(pinned: Study) -> None:
    tables = MetaData()
    for row in (CodebookRow, CodeRow):
        Base.metadata.tables[row.__tablename__].to_metadata(tables)
    coding = Table("underlining", tables, Column("id", String(8)), Column("code_id", ForeignKey("code.id")))
    with pinned.engine.begin() as connection:
        coding.create(connection)
        for number, key in enumerate(["denial", "denial", "cf"]):
            connection.execute(
                text("INSERT INTO underlining SELECT :id, id FROM code WHERE key = :key"),
                {"id": str(number), "key": key},
            )
    with pinned.read() as db:
        found = codebook_queries.uses_of_codes(db, "ruptures", tables)
        assert found == {"denial": {"underlining": 2}, "cf": {"underlining": 1}}
        assert codebook_queries.uses_of_codes(db, "ruptures") == {}


def test_the_row_of_a_code_is_found_by_codebook_and_key(pinned: Study) -> None:
    with pinned.read() as db:
        found = codebook_queries.code_row(db, "ruptures", "denial")
        assert found is not None
        assert (found.name, found.parent and found.parent.key) == ("Denial", "wd")
        assert codebook_queries.code_row(db, "other", "denial") is None
