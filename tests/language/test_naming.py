"""Names before paragraphs, and the voices that they mean."""

import pytest

from iprkit.language.naming import Known, Named, role_of, who_is_meant
from iprkit.transcript import Speaker

NAMELESS = Known((Speaker("A"), Speaker("B")), labels=frozenset("AB"))
NAMED = Known(
    (Speaker("A", "therapist", "Dr. T"), Speaker("B", "client")),
    aliases={"A": frozenset({"T", "T01"}), "B": frozenset({"C", "C01"})},
    labels=frozenset("AB"),
    people={"T01": "therapist", "C01": "client"},
)


def meant(known: Known, **votes: dict[str, int]) -> Named:
    return who_is_meant(votes, known)


def speaker(named: Named, label: str) -> Speaker:
    return next(speaker for speaker in named.speakers if speaker.label == label)


@pytest.mark.parametrize("name", ["A", "Speaker A", "Dr. T", "dr. t", "Therapist", "T", "T.", "T01", "Therapeutin"])
def test_a_voice_is_meant_by_every_name_it_goes_by(name: str) -> None:
    assert who_is_meant({name: {"B": 9}}, NAMED).labels == {name: ("A",)}


def test_a_name_says_who_a_nameless_voice_is() -> None:
    named = meant(NAMELESS, T={"A": 40, "B": 3}, P={"B": 50})
    assert named.labels == {"T": ("A",), "P": ("B",)}
    assert named.speakers == (Speaker("A", "therapist"), Speaker("B", "client"))


def test_any_other_name_is_printed_from_now_on() -> None:
    assert speaker(meant(NAMELESS, Anna={"B": 5}), "B") == Speaker("B", None, "Anna")


def test_voices_that_a_machine_counted_have_no_name() -> None:
    named = who_is_meant({"Speaker 1": {"A": 9}, "SPEAKER_01": {"B": 9}}, NAMELESS)
    assert named.labels == {"Speaker 1": ("A",), "SPEAKER_01": ("B",)}
    assert named.speakers == NAMELESS.speakers


def test_a_name_under_which_nobody_spoke_most_is_a_new_voice() -> None:
    assert meant(NAMELESS, Anna={"A": 5, "B": 5}).labels == {"Anna": ("D",)}


def test_a_new_name_is_a_new_voice() -> None:
    named = meant(NAMED, T={"A": 9}, C={"B": 9}, Observer={"A": 1, "B": 1})
    assert speaker(named, named.labels["Observer"][0]) == Speaker("D", "observer")


def test_a_voice_with_a_printed_name_is_not_called_otherwise() -> None:
    named = meant(NAMED, Maria={"A": 9})
    assert named.labels["Maria"] == ("D",)
    assert speaker(named, "A").name == "Dr. T"


def test_a_label_that_was_ever_given_is_not_given_again() -> None:
    assert meant(Known(labels=frozenset("ABD")), Anna={}).labels == {"Anna": ("E",)}


def test_without_a_transcript_voices_are_labelled_in_order_of_appearance() -> None:
    named = meant(Known(), Therapist={}, Klient={}, Anna={}, B={})
    assert named.labels == {"Therapist": ("A",), "Klient": ("B",), "Anna": ("D",), "B": ("E",)}


def test_a_single_letter_is_its_own_label() -> None:
    assert meant(Known(), B={}, A={}).speakers == (Speaker("B"), Speaker("A"))


def test_two_voices_of_one_name_are_both_meant() -> None:
    couple = Known((Speaker("A", "client"), Speaker("B", "client")))
    assert meant(couple, Client={"A": 3}).labels == {"Client": ("A", "B")}


def test_a_pseudonym_says_the_role() -> None:
    assert who_is_meant({"C01": {}}, Known(people={"C01": "client"})).speakers == (Speaker("A", "client", None),)


@pytest.mark.parametrize(("name", "role"), [("Paciente", "client"), ("I", "interviewer"), ("Anna", None)])
def test_roles_are_known_in_several_languages(name: str, role: str | None) -> None:
    assert role_of(name) == role
