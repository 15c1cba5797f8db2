from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from iprkit.codebook import Code, Codebook, Rules, in_tree_order
from iprkit.errors import InvalidCodebook, NotFound
from iprkit.scale import Anchor, Scale


def book(*codes: Code, **fields: Any) -> Codebook:
    return Codebook("ruptures", "1", codes, **fields)


WITHDRAWAL = Code("wd", "Withdrawal", codable=False)
DENIAL = Code("denial", "Denial", parent="wd")
MINIMAL = Code("minimal", "Minimal response", parent="wd")
REPAIR = Code("repair", "Repair")
SALIENCE = Scale("salience", 1, 5, no_evidence=1)


def test_what_a_code_leaves_open_is_said_by_the_code_above_then_by_the_codebook() -> None:
    found = book(
        replace(WITHDRAWAL, rules=Rules(speaker="client")),
        replace(DENIAL, rules=Rules(raters=3)),
        rules=Rules(unit="turn", speaker="both"),
    ).applied("denial")
    assert (found.raters, found.speaker, found.unit, found.decision) == (3, "client", "turn", "consensus")


def test_a_code_may_have_another_unit_than_its_codebook_and_the_windows_length_stays_behind() -> None:
    windows = Rules(unit="window", window_ms=60_000)
    found = book(replace(REPAIR, rules=Rules(unit="session")), DENIAL_ALONE, rules=windows)
    assert found.applied("repair").window_ms is None
    assert found.applied("denial").window_ms == 60_000


DENIAL_ALONE = Code("denial", "Denial")


def test_a_code_below_a_rated_one_can_be_present_or_absent() -> None:
    rated = book(
        Code("wd", "Withdrawal", rules=Rules(scale="salience")),
        DENIAL,
        replace(MINIMAL, rules=Rules(scale="presence")),
        scales=(SALIENCE,),
    )
    assert rated.scale("denial") == SALIENCE
    assert rated.scale("minimal") is None


def test_in_an_exclusive_codebook_all_other_codes_are_rivals_but_no_groups_and_no_retired_ones() -> None:
    gone = Code("gone", "Gone", retired=True)
    found = book(WITHDRAWAL, DENIAL, MINIMAL, REPAIR, gone, exclusive=True)
    assert found.rivals("denial") == {"minimal", "repair"}


def test_an_exclusive_group_makes_rivals_of_the_codes_below_it_only() -> None:
    found = book(replace(WITHDRAWAL, exclusive=True), DENIAL, MINIMAL, REPAIR)
    assert found.rivals("denial") == {"minimal"}
    assert found.rivals("repair") == set()


def test_the_code_that_stands_for_a_merged_one_is_found_over_several_steps() -> None:
    first = Code("a", "A", retired=True, merged_into="b")
    second = Code("b", "B", retired=True, merged_into="c")
    assert book(first, second, Code("c", "C")).standing("a").key == "c"


def test_a_code_is_found_by_key_or_name_whatever_the_capitals() -> None:
    found = book(WITHDRAWAL, DENIAL, MINIMAL)
    assert found.code("DENIAL") == found.code("denial") == DENIAL
    assert found.code("minimal RESPONSE") == MINIMAL


def test_an_unknown_code_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(NotFound, match="no code denail; did you mean denial"):
        book(WITHDRAWAL, DENIAL).code("denail")


def test_a_name_that_two_codes_bear_is_refused_with_their_keys() -> None:
    found = book(Code("a", "Fear"), Code("b", "Fear"))
    with pytest.raises(NotFound, match="names several codes of ruptures: a, b"):
        found.code("fear")


def test_a_name_means_the_code_in_use_where_the_other_one_is_retired() -> None:
    assert book(Code("a", "Fear", retired=True), Code("b", "Fear")).code("fear").key == "b"


def test_colours_are_those_of_the_nearest_code_above() -> None:
    found = book(replace(WITHDRAWAL, colour="#4477AA"), DENIAL, REPAIR)
    assert (found.colour("denial"), found.colour("repair")) == ("#4477AA", None)


def test_codes_in_any_order_are_put_into_the_order_of_the_tree() -> None:
    assert in_tree_order([MINIMAL, REPAIR, WITHDRAWAL, DENIAL]) == (REPAIR, WITHDRAWAL, MINIMAL, DENIAL)


def test_the_digest_is_the_same_for_the_same_content_and_another_for_every_change() -> None:
    one = book(WITHDRAWAL, DENIAL, scales=(SALIENCE,))
    same = book(WITHDRAWAL, DENIAL, scales=(Scale("salience", 1.0, 5.0, no_evidence=1.0),))
    assert one.digest == same.digest
    others = [
        replace(one, version="2"),
        replace(one, rights="none"),
        replace(one, exclusive=True),
        replace(one, codes=(WITHDRAWAL, replace(DENIAL, examples=("“No.”",)))),
        replace(one, scales=(replace(SALIENCE, anchors=(Anchor(1, "none"),)),)),
        replace(one, rules=Rules(raters=3)),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 7


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (lambda: Code("a b", "A"), "cannot be a code's key"),
        (lambda: Code("a", " A"), "needs a name of one line"),
        (lambda: Code("a", ""), "needs a name"),
        (lambda: Code("a", "A", definition="x\x00"), "control characters"),
        (lambda: Code("a", "A", colour="red"), "'red' is no colour; write one as #4477AA"),
        (lambda: Code("a", "A", shortcut="ctrl"), "not one letter or digit"),
        (lambda: Code("a", "A", merged_into="b"), "must be retired"),
        (lambda: Rules(unit="page"), "unit is 'page'; choose among words, segment"),
        (lambda: Rules(statistic="cohens_kappa"), "did you mean cohen_kappa"),
        (lambda: Rules(unit="turn", window_ms=1000), "window_ms goes with the unit window, not with turn"),
        (lambda: Rules(raters=0), "raters is 0; expected at least 1"),
        (lambda: Rules(applies_to=("session", "session")), "each once"),
        (lambda: Codebook("3RS 2022", "1"), "cannot name a codebook"),
        (lambda: Codebook("x", ""), "needs a version"),
        (lambda: book(DENIAL), "code denial lies under wd, which is not there"),
        (lambda: book(WITHDRAWAL, Code("WD", "Other")), "codes wd and WD have the same key"),
        (lambda: book(WITHDRAWAL, REPAIR, DENIAL), "not in the order of their tree"),
        (lambda: book(Code("a", "A", shortcut="x"), Code("b", "B", shortcut="x")), "have the same shortcut, x"),
        (lambda: book(replace(WITHDRAWAL, retired=True), DENIAL), "lies under wd, which is retired"),
        (lambda: book(replace(REPAIR, rules=Rules(scale="salience"))), "a scale that is not there"),
        (lambda: book(replace(REPAIR, rules=Rules(unit="window"))), "no window_ms says how long"),
        (lambda: book(replace(REPAIR, rules=Rules(unit="silence"))), "no min_ms says"),
        (lambda: book(replace(REPAIR, retired=True, merged_into="x")), "merged into x, which is not there"),
        (lambda: book(scales=(SALIENCE, SALIENCE)), "two scales named salience"),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused(said: Callable[[], object], complaint: str) -> None:
    with pytest.raises(InvalidCodebook, match=complaint):
        said()


def test_codes_merged_into_each_other_are_refused() -> None:
    one = Code("a", "A", retired=True, merged_into="b")
    with pytest.raises(InvalidCodebook, match="merged into itself"):
        book(one, Code("b", "B", retired=True, merged_into="a"))


def test_a_code_under_itself_is_refused() -> None:
    with pytest.raises(InvalidCodebook, match="under itself"):
        in_tree_order([Code("a", "A", parent="b"), Code("b", "B", parent="a")])


def test_a_tree_deeper_than_twenty_levels_is_refused() -> None:
    chain = [Code(f"c{n}", "C", parent=f"c{n - 1}" if n else None) for n in range(21)]
    with pytest.raises(InvalidCodebook, match="code c20 lies deeper than 20 levels"):
        book(*chain)
