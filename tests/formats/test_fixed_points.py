"""What came in goes out and comes in again as the same: nothing wears off from export to export."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from iprkit.exchange import KINDS, Exchange, Tally
from iprkit.formats.carried import CARRIED, DROPPED
from iprkit.formats.foreign import read_foreign
from iprkit.formats.studies import STUDY_WRITERS

from .studies import READERS, SAMPLES, again, rich, studies, written

quick = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
PROJECTS = ["ours/refi_full.qdpx", "refi/qualcoder_3.8.2_export.qdpx", "refi/taguette_1.5.2_project.sqlite3",
            "ours/c_coders.qde"]  # fmt: skip


@pytest.mark.parametrize("form", READERS)
@quick
@given(studies())
def test_a_study_read_from_a_file_is_written_and_read_as_the_same(form: str, values: Exchange) -> None:
    first = again(values, form)
    assert again(first, form) == first


@pytest.mark.parametrize("form", READERS)
@quick
@given(studies())
def test_the_same_study_makes_the_same_bytes(form: str, values: Exchange) -> None:
    assert written(values, form) == written(values, form)


@pytest.mark.parametrize("name", PROJECTS)
def test_projects_of_other_programs_keep_all_that_came_in(name: str) -> None:
    came = read_foreign(SAMPLES / name).values
    first = again(came, "qdpx")
    assert again(first, "qdpx") == first

    def codings(values: Exchange) -> set[tuple[str, str, int, int]]:
        return {
            (c.coder, c.code, c.anchor.span.start_ms, c.anchor.span.end_ms)
            for one in values.conversations for c in one.codings
        }  # fmt: skip

    if "sqlite" not in name:  # a text without times has none in the project either
        assert codings(first) == codings(came)


def without_settled(values: Exchange) -> Exchange:
    """Less the codings that say what was settled, where a format has nothing else for that."""
    return replace(values, conversations=tuple(
        replace(one, codings=tuple(c for c in one.codings if c.coder != "adjudicated")) for one in values.conversations
    ))  # fmt: skip


@pytest.mark.parametrize("form", READERS)
def test_the_table_of_losses_is_what_really_arrives(form: str) -> None:
    given = rich()
    sent, came = Tally(), Tally()
    list(sent.of(given).conversations)
    list(came.of(without_settled(again(given, form))).conversations)
    if STUDY_WRITERS[form].each:  # the file is of the session; the interview has one of its own
        sent.counts.pop("D01-S03-client")
    before, after = sent.total(), came.total()
    after["memos"] -= sum(len(one.recall.comments) for one in given.conversations if one.recall)  # come back as memos
    carries = STUDY_WRITERS[form].carries
    for kind in KINDS:
        if carries.of(kind) == CARRIED:
            assert after[kind] == before[kind], f"{kind} is said to be carried"
        if carries.of(kind) == DROPPED:
            assert after[kind] == 0, f"{kind} is said to be lost"


def test_every_loss_is_named_with_its_number() -> None:
    tally = Tally()
    list(tally.of(rich()).conversations)
    told = STUDY_WRITERS["textgrid"].carries.loses(tally.total())
    assert told.startswith("not carried: 2 participants") and "1 rating" in told and "3 memos" in told
