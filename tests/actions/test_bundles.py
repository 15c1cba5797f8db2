import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from iprkit.actions import codebooks
from iprkit.actions import codes as code_actions
from iprkit.actions.assignments import Plan, assign, list_assignments, submit
from iprkit.actions.bundles import export_bundle, merge_bundle
from iprkit.actions.check import check
from iprkit.actions.coders import add_coder
from iprkit.actions.coding_desk import Wish
from iprkit.actions.codings import add_coding, edit_coding, list_codings, remove_coding
from iprkit.actions.dyads import add_dyad
from iprkit.actions.history import undo
from iprkit.actions.moments import moments_of
from iprkit.actions.transcripts import show
from iprkit.actions.withdrawals import purge, withdraw
from iprkit.database.connect import Study, create
from iprkit.errors import Conflict, FormatError, InvalidInput, NotFound

T1, C1 = "D01-S01-T001", "D01-S01-C001"
SESSION = "D01-S03"


def by(study: Study, name: str) -> Study:
    return replace(study, author=name)


def codes(study: Study) -> list[tuple[str, str, float | None]]:
    return [(one.anchor.target.key, one.code, one.rating) for one in list_codings(study).codings]


@pytest.fixture
def office(talk: Study) -> Study:
    """Anna and Ben are to code three segments blind; both have begun."""
    assign(talk, Plan("talk", ("anna", "ben")))
    add_coding(by(talk, "anna"), Wish(T1, "push", memo="of anna"))
    add_coding(by(talk, "ben"), Wish(T1, "pull", memo="of ben"))
    return talk


@pytest.fixture
def laptop(office: Study, tmp_path: Path) -> Any:
    """Anna's own computer, to which the assignment has gone."""
    export_bundle(office, "A01", tmp_path / "out.zip", "anna", recordings=True)
    with create(tmp_path / "laptop", "Anna's", "anna") as made:
        merge_bundle(made, tmp_path / "out.zip")
        yield made


def test_a_bundle_carries_session_codebook_and_the_coders_own_codings(office: Study, laptop: Study) -> None:
    assert [s.text for s in show(laptop, "D01-S01").segments] == [s.text for s in show(office, "D01-S01").segments]
    assert codes(laptop) == [(T1, "push", None)]
    (assignment,) = list_assignments(laptop)
    assert [unit.target.key for unit in assignment.units] == [T1, C1, "D01-S01-C002"]
    assert [finding.text for finding in check(laptop, full=True) if finding.wrong] == []


def test_a_bundle_holds_nothing_of_the_others(office: Study, laptop: Study, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "out.zip") as archive:
        rows = json.loads(archive.read("rows.json"))
    assert [row["memo"] for row in rows["coding"]] == ["of anna"]
    submit(by(office, "ben"), "A01")
    export_bundle(office, "A01", tmp_path / "later.zip", "anna")
    with ZipFile(tmp_path / "later.zip") as archive:
        shares = json.loads(archive.read("rows.json"))["assignment_coder"]
    assert [share["submitted_at"] for share in shares] == [None, None]


def test_codings_come_back_and_a_second_time_add_nothing(office: Study, laptop: Study, tmp_path: Path) -> None:
    add_coding(laptop, Wish(C1, "warmth", rating=4))
    submit(laptop, "A01")
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    done = merge_bundle(office, tmp_path / "back.zip")
    assert (done.added, done.known, done.submitted, done.clashes, done.arrived) == (1, 1, True, (), False)
    assert codes(by(office, "anna")) == [(T1, "push", None), (C1, "warmth", 4)]
    again = merge_bundle(office, tmp_path / "back.zip")
    assert (again.added, again.known) == (0, 2)


def test_what_differs_is_reported_and_nothing_is_overwritten(office: Study, laptop: Study, tmp_path: Path) -> None:
    edit_coding(laptop, "D01-S01-anna-0001", {"memo": "changed on the train"})
    submit(laptop, "A01")
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    done = merge_bundle(by(office, "anna"), tmp_path / "back.zip")
    (clash,) = done.clashes
    assert (clash.key, clash.here, clash.there) == (
        "D01-S01-anna-0001",
        "push on D01-S01-T001, 'of anna'",
        "push on D01-S01-T001, 'changed on the train'",
    )
    assert not done.submitted
    assert list_codings(by(office, "anna")).codings[0].memo == "of anna"
    taken = merge_bundle(by(office, "anna"), tmp_path / "back.zip", theirs=True)
    assert (taken.changed, taken.submitted) == (1, True)
    assert list_codings(by(office, "anna")).codings[0].memo == "changed on the train"


def test_a_researcher_who_may_not_see_a_coding_is_told_only_that_it_differs(
    office: Study, laptop: Study, tmp_path: Path
) -> None:
    edit_coding(laptop, "D01-S01-anna-0001", {"memo": "changed on the train"})
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    (clash,) = merge_bundle(office, tmp_path / "back.zip").clashes
    assert (clash.here, clash.there) == (None, None)


def test_codings_that_are_only_here_stay_and_are_named(office: Study, laptop: Study, tmp_path: Path) -> None:
    remove_coding(laptop, "D01-S01-anna-0001")
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    done = merge_bundle(office, tmp_path / "back.zip")
    assert done.only_here == ("D01-S01-anna-0001",)
    assert codes(by(office, "anna")) == [(T1, "push", None)]


def test_a_key_that_is_taken_here_becomes_another(office: Study, laptop: Study, tmp_path: Path) -> None:
    add_coding(laptop, Wish(C1, "push"))
    add_coding(by(office, "anna"), Wish("D01-S01-C002", "push"))
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    done = merge_bundle(office, tmp_path / "back.zip")
    assert done.renamed == {"D01-S01-anna-0002": "D01-S01-anna-0003"}
    assert len(codes(by(office, "anna"))) == 3


def test_what_was_submitted_here_takes_nothing_in(office: Study, laptop: Study, tmp_path: Path) -> None:
    add_coding(laptop, Wish(C1, "push"))
    submit(office, "A01", "anna")
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    done = merge_bundle(office, tmp_path / "back.zip")
    assert done.added == 0
    assert "anna has submitted A01" in done.clashes[0].reason


def test_a_merge_is_undone_in_one_step(office: Study, laptop: Study, tmp_path: Path) -> None:
    add_coding(laptop, Wish(C1, "push"))
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    merge_bundle(office, tmp_path / "back.zip")
    assert undo(office).action == "undid: merged 1 codings of anna for A01"
    assert codes(by(office, "anna")) == [(T1, "push", None)]


def test_a_blind_coder_neither_writes_nor_takes_in_anothers_bundle(
    office: Study, laptop: Study, tmp_path: Path
) -> None:
    export_bundle(laptop, "A01", tmp_path / "back.zip")
    with pytest.raises(Conflict, match="own name only"):
        export_bundle(by(office, "ben"), "A01", tmp_path / "stolen.zip", "anna")
    with pytest.raises(Conflict, match="the bundle is anna's"):
        merge_bundle(by(office, "ben"), tmp_path / "back.zip")
    assert not (tmp_path / "stolen.zip").exists()


def test_a_study_with_other_sessions_of_the_same_name_takes_nothing_in(office: Study, tmp_path: Path) -> None:
    export_bundle(office, "A01", tmp_path / "out.zip", "anna")
    with create(tmp_path / "other", "Other", "anna") as other:
        add_dyad(other, "D01", {})
        with pytest.raises(Conflict, match="dyad D01 of its own"):
            merge_bundle(other, tmp_path / "out.zip")
        with pytest.raises(NotFound):
            show(other, "D01-S01")


Change = Callable[[dict[str, Any]], object]


def tampered(source: Path, to: Path, change: Change, part: str = "rows.json", honest: bool = True) -> Path:
    """A bundle with one part changed, its checksum put right where it is ``honest``."""
    from hashlib import sha256

    with ZipFile(source) as archive, ZipFile(to, "w") as out:
        parts = {name: archive.read(name) for name in archive.namelist()}
        told = json.loads(parts[part])
        change(told)
        parts[part] = json.dumps(told).encode()
        if honest and part != "manifest.json":
            about = json.loads(parts["manifest.json"])
            about["parts"][part]["sha256"] = sha256(parts[part]).hexdigest()
            parts["manifest.json"] = json.dumps(about).encode()
        for name, content in parts.items():
            out.writestr(name, content)
    return to


@pytest.mark.parametrize(
    ("change", "part", "honest", "why"),
    [
        (lambda t: t["coding"].clear(), "rows.json", False, "is damaged"),
        (lambda t: t["coding"][0].update(memo=5), "rows.json", True, "coding.memo is '5'"),
        (lambda t: t["coding"][0].update(id="x"), "rows.json", True, "coding.id"),
        (lambda t: t["coding"][0].update(extra=1), "rows.json", True, "other columns"),
        (lambda t: t.update(voice=[]), "rows.json", True, "a table 'voice'"),
        (lambda t: t["coding"][0].update(coder_id="0" * 32), "rows.json", True, "by others than anna"),
        (lambda t: t["parts"].update({"../../etc/x": {"size": 1}}), "manifest.json", True, "which no bundle has"),
        (lambda t: t.update(version=99), "manifest.json", True, "update iprkit"),
        (lambda t: t.update(format="zip"), "manifest.json", True, "no bundle of iprkit"),
    ],
)
def test_a_bundle_that_was_tampered_with_is_refused(
    office: Study, tmp_path: Path, change: Change, part: str, honest: bool, why: str
) -> None:
    export_bundle(office, "A01", tmp_path / "out.zip", "anna")
    bad = tampered(tmp_path / "out.zip", tmp_path / "bad.zip", change, part, honest)
    with pytest.raises(FormatError, match=why):
        merge_bundle(office, bad)
    assert codes(by(office, "anna")) == [(T1, "push", None)]


def test_a_recordings_path_cannot_lead_out_of_the_study(office: Study, tmp_path: Path) -> None:
    export_bundle(office, "A01", tmp_path / "out.zip", "anna", recordings=True)

    def elsewhere(rows: dict[str, Any]) -> None:
        rows["recording"][0].update(path="../../../escaped.wav", linked=True)

    bad = tampered(tmp_path / "out.zip", tmp_path / "bad.zip", elsewhere)
    with create(tmp_path / "laptop", "Anna's", "anna") as laptop:
        merge_bundle(laptop, bad)
        written = sorted(p.relative_to(tmp_path) for p in (tmp_path / "laptop/recordings").iterdir())
    assert len(written) == 1
    assert written[0].suffix == ".wav"
    assert not list(tmp_path.parent.glob("escaped*"))


def test_a_recording_longer_than_it_says_is_not_unpacked(office: Study, tmp_path: Path) -> None:
    export_bundle(office, "A01", tmp_path / "out.zip", "anna", recordings=True)

    def shorter(about: dict[str, Any]) -> None:
        for name, part in about["parts"].items():
            if name.startswith("recordings/"):
                part["size"] = 10

    bad = tampered(tmp_path / "out.zip", tmp_path / "bad.zip", shorter, "manifest.json")
    with create(tmp_path / "laptop", "Anna's", "anna") as laptop:
        with pytest.raises(FormatError, match="a recording is not what its checksum says"):
            merge_bundle(laptop, bad)
        assert list((laptop.folder / "recordings").iterdir()) == []


def test_what_is_no_bundle_is_said_so(office: Study, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no archive", encoding="utf-8")
    with pytest.raises(FormatError, match="no bundle of iprkit"):
        merge_bundle(office, tmp_path / "x.zip")
    with pytest.raises(InvalidInput, match="there is no file"):
        merge_bundle(office, tmp_path / "y.zip")


@pytest.mark.parametrize("kind", ["moment", "comment"])
def test_moments_and_comments_travel_when_they_are_to_be_coded_and_no_others(
    recalled: Study, tmp_path: Path, kind: str
) -> None:
    add_coder(recalled, "ben")
    codebooks.new_codebook(recalled, "talk", {"unit": kind})
    code_actions.add(recalled, "talk", "Push", {})
    there = assign(recalled, Plan("talk", ("ben",), sample=2, seed=1))
    export_bundle(replace(recalled, author="ben"), there.key, tmp_path / "out.zip", "ben", recordings=True)
    with create(tmp_path / "laptop", "Ben's", "ben") as laptop:
        merge_bundle(laptop, tmp_path / "out.zip")
        units = [unit.target.key for unit in there.units]
        assert [unit.quote for unit in list_assignments(laptop)[0].units] == [unit.quote for unit in there.units]
        assert [one.key for one in moments_of(laptop, SESSION)] == (units if kind == "moment" else [])
        for target in units:
            add_coding(laptop, Wish(target, "push"))
        submit(laptop, there.key)
        export_bundle(laptop, there.key, tmp_path / "back.zip")
        assert [finding.text for finding in check(laptop) if finding.wrong] == []
    done = merge_bundle(replace(recalled, author="ben"), tmp_path / "back.zip")
    assert (done.added, done.submitted, done.clashes) == (2, True, ())
    assert [one.anchor.target.key for one in list_codings(recalled).codings] == units


def test_what_somebody_said_who_withdrew_leaves_in_no_bundle(recalled: Study, tmp_path: Path) -> None:
    add_coder(recalled, "ben")
    codebooks.new_codebook(recalled, "talk", {"unit": "moment"})
    code_actions.add(recalled, "talk", "Push", {})
    assign(recalled, Plan("talk", ("ben",)))
    withdraw(recalled, "D01", "client")
    with pytest.raises(Conflict, match="what the client of D01 said must not leave the study"):
        export_bundle(recalled, "A01", tmp_path / "out.zip", "ben")
    assert not (tmp_path / "out.zip").exists()
    purge(recalled, "D01", "client")
    export_bundle(recalled, "A01", tmp_path / "out.zip", "ben")
    with ZipFile(tmp_path / "out.zip") as archive:
        assert "homework" not in archive.read("rows.json").decode()
