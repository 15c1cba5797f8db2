from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from iprkit.actions import codes
from iprkit.actions.adjudications import Verdict, adjudicate, list_adjudications
from iprkit.actions.alignment import Manner, align
from iprkit.actions.check import check
from iprkit.actions.clips import clip
from iprkit.actions.codebooks import new_codebook
from iprkit.actions.coded_moments import coded_moments
from iprkit.actions.coders import add_coder
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, list_codings
from iprkit.actions.exports import export, format_named
from iprkit.actions.grids import grid_of
from iprkit.actions.history import history, redo, undo
from iprkit.actions.linking import How, link
from iprkit.actions.listeners import Request
from iprkit.actions.moment_tables import table_of
from iprkit.actions.moments import moments_of, overlaps
from iprkit.actions.recalls import Permission, allow, show
from iprkit.actions.transcription import transcribe
from iprkit.actions.transcripts import show as show_transcript
from iprkit.actions.withdrawals import consequences, purge, withdraw
from iprkit.coding import to_json
from iprkit.database import queries
from iprkit.database.connect import DATABASE, Study
from iprkit.database.kept import Kept
from iprkit.errors import Conflict, NotFound
from iprkit.sequences.shifts import Shifts
from iprkit.timeline import Span

ROOT = Path(__file__).parents[2]
SESSION, CLIENT, THERAPIST = "D01-S03", "D01-S03-client", "D01-S03-therapist"
SAID_BY_THE_CLIENT = ("homework", "disappear", "stupid", "nothing bad happened")
SAID_BY_THE_THERAPIST = ("apologize", "tick the box", "throw it away")


def spoken(study: Study, key: str) -> str:
    return " ".join(segment.text for segment in show_transcript(study, key).segments)


def stored(study: Study) -> str:
    """Everything that stands in the database's files, deleted or not."""
    files = [study.folder / f"{DATABASE}{end}" for end in ("", "-wal", "-journal")]
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in files if file.is_file())


def copies(study: Study) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in (study.folder / "transcripts").iterdir())


def test_before_anything_happens_it_is_told_what_it_means(recalled: Study) -> None:
    meant = consequences(recalled, "D01", "client")
    assert meant.hidden[0] == "the interview D01-S03-client with its transcript and 8 comments"
    assert meant.shown[0] == "the interview D01-S03-therapist with its transcript and 5 comments"
    assert any("undo brings them back" in sentence for sentence in meant.kept)
    assert any("all that was made of D01-S03-client" in sentence for sentence in meant.purged)
    assert any("lies outside of the study" in sentence for sentence in meant.beyond)
    assert "disappear" in spoken(recalled, CLIENT)


def test_files_that_iprkit_cannot_reach_are_named(recalled: Study) -> None:
    export(recalled, format_named("vtt"), [CLIENT])
    (recalled.folder / "backups/study-1.db").write_bytes(b"")
    beyond = consequences(recalled, "D01", "client").beyond
    assert "exports/D01-S03-client.vtt was written before" in beyond
    assert "backups/study-1.db holds everything as it was then" in beyond


def test_nothing_that_a_person_said_is_shown_after_they_withdrew(recalled: Study, tmp_path: Path) -> None:
    withdraw(recalled, "D01", "client")
    for refused in (
        lambda: show(recalled, CLIENT),
        lambda: show_transcript(recalled, CLIENT),
        lambda: export(recalled, format_named("vtt"), [CLIENT]),
        lambda: allow(recalled, [f"{CLIENT}-K02"], Permission(quote=True)),
        lambda: clip(recalled, SESSION, tmp_path / "a.wav", Span(0, 1_000)),
        lambda: clip(recalled, THERAPIST, tmp_path / "a.wav", Span(0, 1_000)),
    ):
        with pytest.raises(Conflict, match="the client of D01 withdrew"):
            refused()
    seen = spoken(recalled, SESSION) + str(table_of(recalled, SESSION)) + copies(recalled)
    assert not [words for words in SAID_BY_THE_CLIENT if words in seen]
    assert "[withdrawn]" in seen


def test_what_the_other_said_is_shown_as_before(recalled: Study) -> None:
    before = show(recalled, THERAPIST).comments
    withdraw(recalled, "D01", "client")
    assert [one.text for one in show(recalled, THERAPIST).comments] == [one.text for one in before]
    assert "No need to apologize." in spoken(recalled, SESSION)


def test_moments_that_only_they_marked_are_gone_and_others_are_the_others(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    assert {one.key: one.source for one in moments_of(recalled, SESSION)} == {
        f"{SESSION}-M02": "therapist",
        f"{SESSION}-M03": "therapist",
        f"{SESSION}-M04": "therapist",
        f"{SESSION}-M05": "therapist",
    }
    assert overlaps(recalled, SESSION, Shifts(10))[0].reason == "the client marked nothing"
    assert table_of(recalled, SESSION).notes == ("The interviews of those who withdrew are not in this table.",)


def test_the_grid_says_that_an_interview_was_held_and_withdrawn(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    (row,) = grid_of(recalled).sessions
    assert [(cell.party, cell.withdrawn, cell.comments) for cell in row.cells] == [
        ("client", True, 0),
        ("therapist", False, 5),
    ]


def test_undo_brings_all_of_it_back(recalled: Study) -> None:
    before = show(recalled, CLIENT), spoken(recalled, SESSION), moments_of(recalled, SESSION)
    withdraw(recalled, "D01", "client")
    undo(recalled)
    assert (show(recalled, CLIENT), spoken(recalled, SESSION), moments_of(recalled, SESSION)) == before
    redo(recalled)
    with pytest.raises(Conflict, match="withdrew"):
        show(recalled, CLIENT)


def test_the_others_interview_can_still_be_linked(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    (one,) = link(recalled, (), How(tolerance_ms=5_000))
    assert (one.key, one.error, one.comments) == (THERAPIST, None, 5)


def test_nobody_listens_to_them_again(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    script = ROOT / "transcripts/d01-s03-client-recall.told.json"
    for key in (SESSION, CLIENT, THERAPIST):
        (one,) = transcribe(recalled, [key], Request("scripted", str(script), again=True))
        assert "the client of D01 withdrew" in (one.error or "")


def test_a_transcript_in_which_they_are_hidden_cannot_be_edited_to_their_loss(recalled: Study, tmp_path: Path) -> None:
    withdraw(recalled, "D01", "client")
    file = tmp_path / "text.txt"
    file.write_text("Therapist: Welcome back.", encoding="utf-8")
    with pytest.raises(Conflict):
        align(recalled, SESSION, file, Manner())


def test_somebody_withdraws_once_and_only_who_takes_part(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    with pytest.raises(Conflict, match="withdrew already; delete for good with: --purge"):
        withdraw(recalled, "D01", "client")
    with pytest.raises(NotFound, match="takes no part in D01"):
        withdraw(recalled, "D01", "C09")


def test_where_nobody_said_who_is_who_nothing_of_the_session_is_shown(recalled: Study) -> None:
    with recalled.change("forgot who is who", SESSION) as db:
        for speaker in queries.conversation(db, SESSION).speakers:
            speaker.role, speaker.participant = None, None
    withdraw(recalled, "D01", "client")
    with pytest.raises(Conflict, match="nobody said which voice that is; name the speakers"):
        show_transcript(recalled, SESSION)
    assert not (recalled.folder / f"transcripts/{SESSION}.json").exists()
    with pytest.raises(Conflict, match="nobody said which voice that is"):
        purge(recalled, "D01", "client")


@pytest.fixture
def purged(recalled: Study) -> Iterator[Study]:
    """The study after the client withdrew and all was deleted for good."""
    withdraw(recalled, "D01", "client")
    purge(recalled, "D01", "client")
    return recalled


def test_purging_needs_a_withdrawal(recalled: Study) -> None:
    with pytest.raises(Conflict, match="did not withdraw; first: iprkit withdraw D01 client"):
        purge(recalled, "D01", "client")


def test_after_purging_their_words_stand_nowhere_in_the_database_or_the_copies(purged: Study) -> None:
    everything = stored(purged) + copies(purged)
    assert [words for words in SAID_BY_THE_CLIENT if words in everything] == []
    assert all(words in everything for words in SAID_BY_THE_THERAPIST)


def test_what_was_deleted_for_good_is_not_told_from_memory_either(coded: Study) -> None:
    lasting = replace(coded, kept=Kept())
    withdraw(coded, "D01", "therapist")
    before = [one.anchor.quote for one in list_codings(lasting).codings]
    undo(coded)
    shown = [one.anchor.quote for one in list_codings(lasting).codings]
    withdraw(coded, "D01", "therapist")
    purge(coded, "D01", "therapist")
    assert [to_json(one) for one in list_codings(lasting).codings] == [to_json(o) for o in list_codings(coded).codings]
    assert before != shown


def test_while_another_program_reads_the_study_it_is_said_that_old_pages_may_be_left(recalled: Study) -> None:
    withdraw(recalled, "D01", "client")
    with closing(sqlite3.connect(recalled.folder / DATABASE, isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM segment").fetchone()
        with pytest.raises(Conflict, match="is deleted, but another program reads the study .* repeat the command"):
            purge(recalled, "D01", "client")
        assert any(words in stored(recalled) for words in SAID_BY_THE_CLIENT)
    purge(recalled, "D01", "client")
    assert [words for words in SAID_BY_THE_CLIENT if words in stored(recalled)] == []


def test_after_purging_no_undo_brings_anything_back(purged: Study) -> None:
    with pytest.raises(Conflict, match="would be lost"):
        undo(purged)
    assert spoken(purged, SESSION).count("[withdrawn]") > 10
    assert history(purged, "D01")[-1].action == "deleted for good what the client of D01 said"


def test_after_purging_the_study_is_sound_and_the_rest_works(purged: Study) -> None:
    assert not [finding for finding in check(purged) if finding.wrong]
    with closing(sqlite3.connect(purged.folder / DATABASE)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [one.source for one in moments_of(purged, SESSION)] == ["therapist"] * 4
    assert {one.error for one in link(purged, (), How(tolerance_ms=5_000))} == {None}
    (row,) = grid_of(purged).sessions
    assert row.cells[0].interview == CLIENT


def test_a_recording_that_was_copied_in_is_deleted_and_a_linked_one_is_left_alone(
    recalled: Study, tmp_path: Path
) -> None:
    inside = recalled.folder / "recordings/d01-s03-client.m4a"
    with recalled.read() as db:
        outside = Path(queries.conversation(db, SESSION).recordings[0].path)
        (recording,) = queries.conversation(db, CLIENT).recordings
        inside.write_bytes(Path(recording.path).read_bytes())
    with recalled.change("copied it in", CLIENT) as db:
        (recording,) = queries.conversation(db, CLIENT).recordings
        recording.path, recording.linked = "recordings/d01-s03-client.m4a", False
    withdraw(recalled, "D01", "client")
    gone = purge(recalled, "D01", "client")
    assert inside in gone
    assert not inside.exists()
    assert outside.is_file()


@pytest.fixture
def coded(recalled: Study) -> Study:
    """Ben coded every segment and moment of the session, a stretch of it and of an interview, and a comment of each;
    Lea settled one segment."""
    add_coder(recalled, "ben")
    ben = replace(recalled, author="ben")
    segments = [one.key for one in show_transcript(recalled, SESSION).segments]
    for unit, targets in {
        "segment": segments,
        "moment": [one.key for one in moments_of(recalled, SESSION)],
        "comment": [f"{CLIENT}-K02", f"{THERAPIST}-K01"],
        "span": [f"{SESSION}@0:20-0:50", f"{CLIENT}@0:10-0:50"],
    }.items():
        new_codebook(recalled, unit, {"unit": unit})
        codes.add(recalled, unit, "Push", {})
        for target in targets:
            add_coding(ben, Wish(target, "push", unit))
    adjudicate(replace(recalled, author="lea"), Verdict(segments[5], "push", "we agreed", "segment"))
    return recalled


def told(study: Study) -> str:
    settled = "".join(one.anchor.quote for one in list_adjudications(study))
    listed = [to_json(one) for one in list_codings(study).codings]
    return f"{settled} {listed} {coded_moments(study, SESSION)}"


def test_what_was_coded_tells_nothing_of_what_they_said_either(coded: Study) -> None:
    assert all(words in told(coded) for words in ("homework", "disappear"))
    before = len(list_codings(coded).codings)
    withdraw(coded, "D01", "client")
    assert [words for words in SAID_BY_THE_CLIENT if words in told(coded)] == []
    targets = {one.anchor.target.key for one in list_codings(coded).codings}
    assert before - len(targets) == 2  # the comment of theirs, and the stretch of their interview
    assert f"{CLIENT}-K02" not in targets
    assert f"{THERAPIST}-K01" in targets
    assert "apologize" in told(coded)


def test_undo_brings_back_what_was_coded_of_them(coded: Study) -> None:
    before = told(coded)
    withdraw(coded, "D01", "client")
    undo(coded)
    assert told(coded) == before


def test_purging_takes_their_words_out_of_codings_and_keeps_what_was_coded(coded: Study) -> None:
    withdraw(coded, "D01", "client")
    before = [one.key for one in list_codings(coded).codings]
    purge(coded, "D01", "client")
    assert [words for words in SAID_BY_THE_CLIENT if words in stored(coded)] == []
    assert [one.key for one in list_codings(coded).codings] == before
    with closing(sqlite3.connect(coded.folder / DATABASE)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
