from hypothesis import given
from hypothesis import strategies as st

from iprkit.linking.keys import Numbered, keep_keys
from iprkit.timeline import Span

OLD = {"D01-S03-client-K01": Span(0, 1_000), "D01-S03-client-K02": Span(5_000, 9_000)}


def kept(*new: tuple[int, int], count: int = 2) -> Numbered:
    return keep_keys("D01-S03-client-K", OLD, [Span(*one) for one in new], count)


def test_what_stays_where_it_was_keeps_its_key() -> None:
    assert kept((100, 1_000), (5_000, 8_000)).keys == ("D01-S03-client-K01", "D01-S03-client-K02")


def test_what_is_new_is_numbered_on_and_no_number_comes_back() -> None:
    assert kept((2_000, 3_000), count=7) == Numbered(("D01-S03-client-K08",), 8, {})


def test_of_two_parts_the_larger_keeps_the_key() -> None:
    assert kept((5_000, 6_000), (6_000, 9_000)).keys == ("D01-S03-client-K03", "D01-S03-client-K02")


def test_of_two_that_became_one_the_smaller_is_succeeded_by_it() -> None:
    found = kept((0, 9_000))
    assert (found.keys, found.former) == (("D01-S03-client-K02",), {"D01-S03-client-K01": "D01-S03-client-K02"})


def test_what_is_gone_without_a_trace_has_no_successor() -> None:
    assert kept().former == {}


def test_the_first_are_numbered_from_one() -> None:
    found = keep_keys("D01-S03-M", {}, [Span(0, 1), Span(2, 3)], 0)
    assert found.keys == ("D01-S03-M01", "D01-S03-M02")


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)), max_size=8))
def test_no_key_is_given_twice(drawn: list[tuple[int, int]]) -> None:
    found = kept(*((a * 100, (a + b) * 100) for a, b in drawn))
    assert len(set(found.keys)) == len(drawn)
    assert found.former.keys().isdisjoint(found.keys)
