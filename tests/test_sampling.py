from hypothesis import given
from hypothesis import strategies as st

from iprkit.sampling import shares, stratified

POPULATION = [f"{session}-{number}" for session in ("S01", "S02", "S03") for number in range(40)]


def session(unit: str) -> str:
    return unit[:3]


def test_the_same_seed_draws_the_same_units_and_another_one_others() -> None:
    drawn = stratified(POPULATION, 12, session, seed=4)
    assert drawn == stratified(POPULATION, 12, session, seed=4)
    assert drawn != stratified(POPULATION, 12, session, seed=5)


def test_every_session_has_its_share() -> None:
    drawn = stratified(POPULATION, 12, session, seed=4)
    assert [sum(session(unit) == name for unit in drawn) for name in ("S01", "S02", "S03")] == [4, 4, 4]


def test_units_that_nobody_marked_are_drawn_as_often_as_they_are() -> None:
    marked = set(POPULATION[:12])
    drawn = stratified(POPULATION, 20, lambda unit: unit in marked, seed=1)
    assert sum(unit in marked for unit in drawn) == 2


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8), st.integers(0, 600))
def test_shares_add_up_and_none_is_larger_than_its_stratum(sizes: list[int], count: int) -> None:
    given_out = shares(sizes, count)
    assert sum(given_out) == min(count, sum(sizes))
    assert all(0 <= share <= size for share, size in zip(given_out, sizes, strict=True))
