"""What leaves the study in any format is what the person who asks may see, and no more."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from iprkit.actions.assignments import Plan, assign
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding
from iprkit.actions.consents import set_consent
from iprkit.actions.exchange import read_out
from iprkit.actions.study_exports import Wanted, export_study, export_study_to, lost_of_transcripts
from iprkit.actions.withdrawals import withdraw
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotFound
from iprkit.exchange import Exchange
from iprkit.formats import WRITERS
from iprkit.formats.studies import STUDY_WRITERS

SAID_BY_THE_CLIENT = ("homework", "disappear", "stupid")
QDPX = STUDY_WRITERS["qdpx"]


def values_of(study: Study, *keys: str, media: bool = False) -> Exchange:
    with read_out(study, keys, media) as values:
        return values.whole()


def all_text(study: Study, form: str) -> str:
    """Every text in what is exported, archives unpacked."""
    written = export_study(study, Wanted(STUDY_WRITERS[form]))
    found = []
    for place in written.places:
        if zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                found += [archive.read(name).decode(errors="replace") for name in archive.namelist()]
        else:
            found.append(place.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(found)


def test_with_a_session_come_the_interviews_about_it(recalled: Study) -> None:
    keys = [one.key for one in values_of(recalled, "D01-S03").conversations]
    assert keys == ["D01-S03", "D01-S03-client", "D01-S03-therapist"]
    assert [one.key for one in values_of(recalled, "D01-S03-client").conversations] == ["D01-S03-client"]
    assert [one.key for one in values_of(recalled, "D01").conversations] == keys


def test_the_value_may_be_read_several_times(recalled: Study) -> None:
    with read_out(recalled) as values:
        assert list(values.conversations) == list(values.conversations)


@pytest.mark.parametrize("form", STUDY_WRITERS)
def test_no_format_lets_out_what_a_person_said_who_withdrew(recalled: Study, form: str) -> None:
    if form in ("qdpx", "eaf", "textgrid", "cha"):
        assert any(word in all_text(recalled, form) for word in SAID_BY_THE_CLIENT)
    withdraw(recalled, "D01", "client")
    text = all_text(recalled, form)
    assert not any(word in text for word in SAID_BY_THE_CLIENT)
    with read_out(recalled) as values:
        assert any("withdrew" in remark for remark in values.remarks)


def test_recordings_of_somebody_who_withdrew_do_not_travel(recalled: Study) -> None:
    with read_out(recalled, media=True) as values:
        assert all(medium.file for one in values.conversations for medium in one.media)
    withdraw(recalled, "D01", "client")
    with read_out(recalled, media=True) as values:
        assert not any(medium.file for one in values.conversations for medium in one.media)


def test_what_nobody_agreed_to_have_analysed_stays_out(recalled: Study) -> None:
    set_consent(recalled, "D01-S03-client", ["archiving"])
    values = values_of(recalled)
    assert "D01-S03-client" not in [one.key for one in values.conversations]
    assert "D01-S03-client is left out: the client did not agree to its analysis" in values.remarks


def test_a_blind_coder_exports_nothing_of_the_others(talk: Study) -> None:
    assign(talk, Plan("talk", ("anna", "ben")))
    ben, anna = replace(talk, author="ben"), replace(talk, author="anna")
    add_coding(ben, Wish("D01-S01-C001", "Push", memo="loudly"))
    add_coding(anna, Wish("D01-S01-C001", "Pull"))
    assert [(c.coder, c.code) for one in values_of(anna).conversations for c in one.codings] == [("anna", "pull")]
    assert [c.coder for one in values_of(talk).conversations for c in one.codings] == []
    for form in STUDY_WRITERS:
        assert "loudly" not in all_text(anna, form)
    assert any("coded blind" in remark for remark in values_of(anna).remarks)


def test_media_travel_only_where_they_are_asked_for_and_can(recalled: Study, tmp_path: Path) -> None:
    def sizes(media: bool) -> list[int]:
        (place,) = export_study(recalled, Wanted(QDPX, (), media), tmp_path / f"{media}.qdpx").places
        with zipfile.ZipFile(place) as archive:
            return [entry.file_size for entry in archive.infolist() if not entry.filename.endswith((".txt", ".qde"))]

    assert sizes(False) == []
    with read_out(recalled, media=True) as values:
        files = [m.file for one in values.conversations for m in one.media if m.file]
    assert sorted(sizes(True)) == sorted(file.stat().st_size for file in files)
    with pytest.raises(InvalidInput, match="takes no recordings"):
        export_study(recalled, Wanted(STUDY_WRITERS["eaf"], (), True))


def test_losses_are_counted_for_what_is_written(recalled: Study) -> None:
    lost = export_study(recalled, Wanted(STUDY_WRITERS["eaf"], ("D01-S03-client",))).lost
    assert lost.startswith("not carried: ") and "confidences" in lost and "codings" not in lost
    told = lost_of_transcripts(recalled, WRITERS["vtt"], ["D01-S03"])
    assert "word times" in told and "5 moments" in told


def test_one_stream_holds_one_file(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="one stream cannot hold 3 files"):
        export_study_to(recalled, Wanted(STUDY_WRITERS["eaf"]), io.BytesIO())


def test_an_empty_study_says_what_to_do(study: Study) -> None:
    with pytest.raises(NotFound, match="iprkit session add"):
        export_study(study, Wanted(QDPX))
