import pytest

from iprkit.actions.dyads import add_dyad
from iprkit.actions.studies import Member, status
from iprkit.database.connect import Study
from iprkit.errors import Conflict, InvalidInput


def members(study: Study, key: str) -> list[Member]:
    return [member for dyad in status(study).dyads if dyad.key == key for member in dyad.members]


def test_a_dyad_has_the_members_that_were_named(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"], "client": ["C01", "C02"]})
    assert members(study, "D01") == [Member("T01", "therapist"), Member("C01", "client"), Member("C02", "client")]


def test_keys_are_stored_in_capitals(study: Study) -> None:
    assert add_dyad(study, "d01", {"client": ["c01"]}) == "D01"
    assert members(study, "D01") == [Member("C01", "client")]


def test_one_therapist_can_belong_to_two_dyads(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"]})
    add_dyad(study, "D02", {"therapist": ["T01"]})
    assert members(study, "D02") == [Member("T01", "therapist")]


def test_a_member_can_join_later(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"]})
    add_dyad(study, "D01", {"client": ["C01"]})
    assert [member.key for member in members(study, "D01")] == ["T01", "C01"]


def test_the_same_dyad_again_is_refused(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"]})
    with pytest.raises(Conflict, match="D01 exists already"):
        add_dyad(study, "D01", {"therapist": ["T01"]})


def test_a_person_in_two_roles_is_refused(study: Study) -> None:
    add_dyad(study, "D01", {"therapist": ["T01"]})
    with pytest.raises(Conflict, match="known as therapist"):
        add_dyad(study, "D02", {"client": ["T01"]})


@pytest.mark.parametrize("name", ["Anna Smith", "D01-S03", "", "01", "D"])
def test_what_is_no_pseudonym_is_refused(study: Study, name: str) -> None:
    with pytest.raises(InvalidInput, match="letters and a number"):
        add_dyad(study, "D01", {"client": [name]})
