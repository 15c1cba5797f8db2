from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from iprkit.actions import codebook_library, codebooks, codes
from iprkit.actions.check import check
from iprkit.actions.codebooks import codebook_format
from iprkit.actions.history import history, redo, undo
from iprkit.codebook import Codebook
from iprkit.database.connect import Study, create
from iprkit.errors import Conflict, FormatError, InvalidCodebook, InvalidInput, NotFound
from iprkit.formats.codebook_yaml import read_codebook_yaml
from iprkit.scale import Scale

ODD = Path(__file__).parents[1] / "formats/odd_codebooks"


@pytest.fixture
def own(study: Study) -> Study:
    """A study with the codebook pics of the library and an own one, chairs, of three codes."""
    codebooks.add_codebook(study, "pics")
    codebooks.new_codebook(study, "Chairs", {"unit": "turn", "speaker": "client"})
    codes.add(study, "chairs", "Two chairs", {"codable": False})
    codes.add(study, "chairs", "Critic", {"parent": "two chairs", "definition": "The one who judges."})
    codes.add(study, "chairs", "Self", {"parent": "two_chairs"})
    return study


def book(study: Study, name: str = "chairs") -> Codebook:
    return codebooks.show(study, name).book


def copy(study: Study, name: str = "chairs") -> Path:
    return study.folder / "codebooks" / f"{name}.yaml"


def test_a_library_codebook_is_pinned_as_it_is(study: Study) -> None:
    pinned = codebooks.add_codebook(study, "3rs-2022")
    shown = codebooks.show(study, "3rs-2022")
    assert shown.book == pinned == codebook_library.codebook("3rs-2022")
    assert (shown.pinned, shown.changed, shown.origin) == (True, False, "library")


def test_it_can_be_pinned_under_another_name(study: Study) -> None:
    codebooks.add_codebook(study, "pics", "silences")
    shown = codebooks.show(study, "silences")
    assert (shown.book.name, shown.changed) == ("silences", False)


def test_what_is_neither_in_the_library_nor_a_file_is_refused(study: Study) -> None:
    with pytest.raises(NotFound, match="no codebook pic; did you mean pics"):
        codebooks.add_codebook(study, "pic")


def test_the_list_has_the_studys_codebooks_first_then_the_library(own: Study) -> None:
    found = codebooks.list_codebooks(own)
    assert [(one.name, one.pinned) for one in found[:2]] == [("chairs", True), ("pics", True)]
    assert [one.name for one in found].count("pics") == 1
    assert (found[0].library_version, found[1].library_version) == (None, "1.0")
    assert len(found) == len(codebook_library.names()) + 1


def test_without_a_study_there_is_the_library() -> None:
    assert [one.name for one in codebooks.list_codebooks(None)] == codebook_library.names()
    assert codebooks.show(None, "nepcs").pinned is False


def test_the_list_says_where_a_pinned_codebook_was_changed(own: Study) -> None:
    codes.edit(own, "pics", "mnemonic", {"definition": "Ours."})
    changed = {one.name: one.changed for one in codebooks.list_codebooks(own)}
    assert (changed["pics"], changed["chairs"]) == (True, False)


def test_a_study_keeps_copies_that_read_back_to_the_same(own: Study) -> None:
    assert read_codebook_yaml(copy(own).read_bytes()) == book(own)
    assert copy(own).stat().st_mode & 0o077 == 0


def test_copies_follow_undo_and_redo(own: Study) -> None:
    before = copy(own).read_bytes()
    codes.retire(own, "chairs", "critic")
    after = copy(own).read_bytes()
    undo(own)
    assert copy(own).read_bytes() == before
    redo(own)
    assert copy(own).read_bytes() == after


def test_a_lost_copy_is_written_again(own: Study) -> None:
    copy(own).unlink()
    codes.add(own, "chairs", "Audience", {})
    assert read_codebook_yaml(copy(own).read_bytes()) == book(own)


def test_a_copy_edited_by_hand_is_never_overwritten_but_brought_in(own: Study) -> None:
    edited = copy(own).read_text().replace("The one who judges.", "The judge.")
    copy(own).write_text(edited)
    with pytest.raises(
        Conflict, match=r"codebooks/chairs\.yaml was changed by hand; bring the changes in with: iprkit"
    ):
        codes.add(own, "chairs", "Audience", {})
    undo(own)
    assert copy(own).read_text() == edited
    redo(own)
    changed = codebooks.update_codebook(own, "chairs", copy(own))
    assert changed.codes == ("critic",)
    assert book(own).by_key["critic"].definition == "The judge."
    codes.add(own, "chairs", "Audience", {})


def test_the_studys_check_tells_of_a_copy_edited_by_hand(own: Study) -> None:
    assert not [finding for finding in check(own) if finding.subject == "chairs"]
    copy(own).write_text(copy(own).read_text().replace("The one who judges.", "The judge."))
    assert [finding.wrong for finding in check(own) if finding.subject == "chairs"] == [True]


def test_a_code_cut_out_of_a_copy_by_hand_stays(own: Study) -> None:
    text = copy(own).read_text()
    copy(own).write_text(text[: text.index("      - key: self")])
    codebooks.update_codebook(own, "chairs", copy(own))
    assert "self" in book(own).by_key
    assert read_codebook_yaml(copy(own).read_bytes()) == book(own)


def test_a_copy_from_another_study_is_not_taken_for_ours(own: Study, tmp_path: Path) -> None:
    with create(tmp_path / "other", "Other", "bob") as other:
        codebooks.add_codebook(other, str(copy(own)))
        codes.edit(other, "chairs", "critic", {"definition": "Bob's."})
        copy(own).write_bytes(copy(other).read_bytes())
    with pytest.raises(Conflict, match="changed by hand"):
        codes.retire(own, "chairs", "self")
    assert codebooks.update_codebook(own, "chairs", copy(own)).codes == ("critic",)


def test_a_colleagues_version_is_taken_over_and_ours_stays(own: Study, tmp_path: Path) -> None:
    theirs = tmp_path / "from-bob.yaml"
    codebooks.export_codebook(own, "chairs", codebook_format("yaml"), theirs)
    theirs.write_text(theirs.read_text().replace("version: '1'", "version: '2'").replace("The one who judges.", "New."))
    codes.add(own, "chairs", "Audience", {})
    changed = codebooks.update_codebook(own, "chairs", theirs)
    assert changed.codes == ("critic",)
    assert book(own).version == "2"
    assert [code.key for code in book(own).codes] == ["two_chairs", "critic", "self", "audience"]
    undo(own)
    assert book(own).by_key["critic"].definition == "The one who judges."


def test_a_library_codebook_is_brought_back_to_the_librarys_version(own: Study) -> None:
    codes.edit(own, "pics", "mnemonic", {"definition": "Ours."})
    assert codebooks.update_codebook(own, "pics").codes == ("mnemonic",)
    assert book(own, "pics") == codebook_library.codebook("pics")
    assert not codebooks.show(own, "pics").changed


def test_only_yaml_brings_a_codebook_up_to_date_since_others_lose_too_much(own: Study) -> None:
    with pytest.raises(FormatError):
        codebooks.update_codebook(own, "chairs", ODD / "taguette_1.5.2_codebook.qdc")


def test_what_a_codebook_says_of_itself_is_edited(own: Study) -> None:
    codebooks.edit_codebook(own, "chairs", {"version": "2", "exclusive": True, "raters": 3})
    assert (book(own).version, book(own).exclusive, book(own).applied("critic").raters) == ("2", True, 3)
    assert history(own, "chairs")[-1].action == "edited codebook chairs"


def test_an_edit_that_contradicts_is_refused_and_nothing_is_changed(own: Study) -> None:
    before = book(own)
    with pytest.raises(InvalidCodebook, match="no window_ms says how long"):
        codebooks.edit_codebook(own, "chairs", {"unit": "window"})
    assert book(own) == before


def test_a_scale_is_added_used_and_changed(own: Study) -> None:
    codebooks.set_scale(own, "chairs", Scale("heat", 1, 3))
    codes.edit(own, "chairs", "critic", {"scale": "heat"})
    assert codebooks.set_scale(own, "chairs", Scale("heat", 0, 10)).codes == ("critic",)
    assert book(own).scale("critic") == Scale("heat", 0, 10)


@pytest.mark.parametrize(
    ("file", "name", "codes_found"),
    [
        ("taguette_1.5.2_codebook.csv", "taguette-1", 4),
        ("taguette_1.5.2_codebook.qdc", "taguette-1", 4),
        ("refi_spec_annex_a1.qdc", "refi-spec-annex-a1", 6),
    ],
)
def test_a_codebook_of_another_program_is_imported_under_its_files_name(
    study: Study, file: str, name: str, codes_found: int
) -> None:
    imported = codebooks.import_codebook(study, ODD / file)
    assert (imported.name, len(imported.codes)) == (name, codes_found)
    assert codebooks.show(study, name).origin == f"file {file}"


def test_a_file_that_is_not_there_is_named(study: Study) -> None:
    with pytest.raises(InvalidInput, match=r"there is no file gone\.qdc"):
        codebooks.import_codebook(study, Path("gone.qdc"))


def test_every_format_goes_out_and_comes_in_again(own: Study, tmp_path: Path) -> None:
    for name in ("yaml", "qdc", "taguette", "maxqda", "csv"):
        place = codebooks.export_codebook(own, "chairs", codebook_format(name))
        assert place.parent == own.folder / "exports"
        back = codebooks.import_codebook(own, place, f"chairs-{name}")
        assert [code.name for code in back.codes] == ["Two chairs", "Critic", "Self"]


def test_a_library_codebook_goes_out_without_a_study(tmp_path: Path) -> None:
    place = codebooks.export_codebook(None, "cis", codebook_format("qdc"), tmp_path)
    assert place == tmp_path / "cis.qdc"
    with pytest.raises(InvalidInput, match="say where to write"):
        codebooks.export_codebook(None, "cis", codebook_format("qdc"))


def test_a_codebook_goes_to_a_stream(own: Study) -> None:
    stream = BytesIO()
    codebooks.export_codebook_to(own, "chairs", codebook_format("yaml"), stream)
    assert read_codebook_yaml(stream.getvalue()) == book(own)


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInput, match="choose among yaml, qdc, taguette, maxqda, csv"):
        codebook_format("docx")


CHANGES: dict[str, Callable[[Study], codebooks.Changed]] = {
    "edit": lambda study: codes.edit(study, "chairs", "Critic", {"name": "Inner critic", "scale": "1-5"}),
    "move": lambda study: codes.move(study, "chairs", "self", None),
    "merge": lambda study: codes.merge(study, "chairs", ["self"], "critic"),
    "split": lambda study: codes.split(study, "chairs", "critic", ["Harsh critic", "Worried critic"]),
    "retire": lambda study: codes.retire(study, "chairs", "two chairs"),
    "add": lambda study: codes.add(study, "chairs", "Audience", {}, after="critic"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_code_is_one_step_of_undo_and_redo(own: Study, name: str) -> None:
    before = book(own)
    CHANGES[name](own)
    after = book(own)
    assert after != before
    undo(own)
    assert book(own) == before
    redo(own)
    assert book(own) == after


def test_a_change_tells_which_codes_it_was_about(own: Study) -> None:
    told = {name: codebooks_changed(own, CHANGES[name]) for name in CHANGES}
    assert told == {
        "edit": ("critic",),
        "move": ("self",),
        "merge": ("self",),
        "split": ("critic", "harsh_critic", "worried_critic"),
        "retire": ("two_chairs", "critic", "self"),
        "add": ("audience",),
    }


def codebooks_changed(study: Study, change: Callable[[Study], codebooks.Changed]) -> tuple[str, ...]:
    changed = change(study)
    undo(study)
    assert changed.touched == {}
    return changed.codes


def test_a_range_in_the_place_of_a_scale_becomes_one(own: Study) -> None:
    codes.edit(own, "chairs", "critic", {"scale": "1–9/0.5"})
    codes.edit(own, "chairs", "self", {"scale": "1-9/0.5"})
    assert book(own).scales == (Scale("1-9/0.5", 1, 9, 0.5),)
    codes.edit(own, "chairs", "critic", {"scale": None})
    assert book(own).scale("critic") is None


def test_a_retired_code_is_taken_back(own: Study) -> None:
    codes.merge(own, "chairs", ["self"], "critic")
    codes.revive(own, "chairs", "self")
    assert [code.key for code in book(own).active] == ["two_chairs", "critic", "self"]


def test_splitting_needs_two_names(own: Study) -> None:
    with pytest.raises(InvalidInput, match="at least two new codes"):
        codes.split(own, "chairs", "critic", ["Harsh"])


def test_an_unknown_codebook_or_code_is_refused_with_the_nearest(own: Study) -> None:
    with pytest.raises(NotFound, match="no codebook chair in this study; did you mean chairs"):
        codes.retire(own, "chair", "critic")
    with pytest.raises(NotFound, match="has no code critik; did you mean critic"):
        codes.retire(own, "chairs", "critik")
    with pytest.raises(NotFound, match="no codebook chair; this study has chairs, pics"):
        codebooks.show(own, "chair")


def test_a_code_is_found_in_the_history_by_its_key(own: Study) -> None:
    codes.retire(own, "chairs", "critic")
    assert [entry.action for entry in history(own, "critic")] == [
        "added code Critic to chairs",
        "retired code critic of chairs",
    ]
