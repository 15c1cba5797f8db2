from hypothesis import given
from hypothesis import strategies as st

from iprkit.database.segment_keys import Place, assign_keys
from iprkit.timeline import Span


def place(letter: str, first: int, last: int, key: str = "") -> Place:
    """A segment of the words ``first`` to ``last``, one second each."""
    words = (f"w{first:04d}", f"w{last:04d}")
    return Place(letter, words, Span(first * 1000, last * 1000 + 900), f"S-{key}" if key else "")


def test_the_first_segments_are_numbered_by_letter() -> None:
    given = assign_keys("S", [], [place("T", 1, 2), place("C", 3, 4), place("T", 5, 6)], {})
    assert given.keys == ("S-T001", "S-C001", "S-T002")
    assert given.counts == {"T": 2, "C": 1}


def test_a_segment_with_the_same_ends_keeps_its_key() -> None:
    old = [place("T", 1, 2, "T001"), place("T", 3, 4, "T002")]
    given = assign_keys("S", old, [place("T", 3, 4), place("T", 1, 2)], {"T": 2})
    assert given.keys == ("S-T002", "S-T001")
    assert given.former == {}


def test_both_halves_of_a_split_segment_get_new_keys_and_the_longer_one_succeeds() -> None:
    given = assign_keys("S", [place("T", 1, 9, "T001")], [place("T", 1, 2), place("T", 3, 9)], {"T": 1})
    assert given.keys == ("S-T002", "S-T003")
    assert given.former == {"S-T001": "S-T003"}


def test_joined_segments_are_both_succeeded_by_the_whole() -> None:
    old = [place("T", 1, 2, "T001"), place("T", 3, 9, "T002")]
    given = assign_keys("S", old, [place("T", 1, 9)], {"T": 2})
    assert given.former == {"S-T001": "S-T003", "S-T002": "S-T003"}


def test_a_number_that_was_given_out_once_is_never_given_again() -> None:
    given = assign_keys("S", [], [place("T", 1, 2)], {"T": 7})
    assert given.keys == ("S-T008",)


def test_a_named_speaker_keeps_the_numbers() -> None:
    old = [place("A", 1, 2, "A001"), place("A", 5, 6, "A012")]
    given = assign_keys("S", old, [place("T", 1, 2), place("T", 5, 6)], {"A": 12})
    assert given.keys == ("S-T001", "S-T012")
    assert given.former == {"S-A001": "S-T001", "S-A012": "S-T012"}


def test_swapped_speakers_get_numbers_that_nobody_has_cited() -> None:
    old = [place("T", 1, 2, "T001"), place("C", 3, 4, "C001")]
    given = assign_keys("S", old, [place("C", 1, 2), place("T", 3, 4)], {"T": 1, "C": 1})
    assert given.keys == ("S-C002", "S-T002")
    assert given.former == {"S-T001": "S-C002", "S-C001": "S-T002"}


def test_two_speakers_of_one_role_do_not_share_a_key() -> None:
    old = [place("A", 1, 2, "A001"), place("B", 3, 4, "B001")]
    given = assign_keys("S", old, [place("C", 1, 2), place("C", 3, 4)], {"A": 1, "B": 1})
    assert given.keys == ("S-C001", "S-C002")


def test_a_second_transcription_takes_over_the_keys_of_segments_in_the_same_place() -> None:
    old = [place("T", 1, 5, "T001"), place("C", 6, 9, "C001")]
    words = ("w0100", "w0101")
    new = [Place("T", words, Span(1100, 5800)), Place("C", ("w0102", "w0103"), Span(9500, 20000))]
    given = assign_keys("S", old, new, {"T": 1, "C": 1})
    assert given.keys == ("S-T001", "S-C002")
    assert given.former == {"S-C001": "S-C002"}


def test_a_deleted_segment_has_no_successor() -> None:
    old = [place("T", 1, 2, "T001"), place("T", 30, 31, "T002")]
    assert assign_keys("S", old, [place("T", 1, 2)], {"T": 2}).former == {}


@given(st.lists(st.tuples(st.sampled_from("TCAB"), st.integers(1, 4)), max_size=30))
def test_keys_are_unique_and_every_cited_one_leads_to_a_living_one(lengths: list[tuple[str, int]]) -> None:
    at, old = 1, []
    for letter, length in lengths:
        old.append(place(letter, at, at + length - 1))
        at += length
    first = assign_keys("S", [], old, {})
    cited = [Place(p.letter, p.words, p.span, key) for p, key in zip(old, first.keys, strict=True)]
    new = [place(letter, word, word) for letter, word in zip("TC" * at, range(1, at), strict=False)]
    again = assign_keys("S", cited, new, first.counts)
    assert len(set(again.keys)) == len(new)
    assert all(key in again.keys or again.former[key] in again.keys for key in first.keys)
    assert not {*first.keys} & {key for key, heir in zip(again.keys, again.heirs, strict=True) if heir is None}
