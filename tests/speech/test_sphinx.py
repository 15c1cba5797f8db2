from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from iprkit.speech.activity import RATE
from iprkit.speech.sphinx import place
from iprkit.timeline import Span

AROUND_MS = 400


def cut(sound: NDArray[np.float32], turn: Any) -> NDArray[np.float32]:
    start, end = turn.span.start_ms - AROUND_MS, turn.span.end_ms + AROUND_MS
    return sound[start * RATE // 1000 : end * RATE // 1000]


def test_words_are_placed_in_order_inside_their_sound(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    for turn in turns[:8]:
        spans = place(cut(sound, turn), turn.text.split())
        assert spans is not None
        found = [span for span in spans if span is not None]
        assert len(found) == len(turn.text.split())
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
        assert found[0].start_ms == pytest.approx(AROUND_MS, abs=120)
        assert found[-1].end_ms <= turn.span.duration_ms + 2 * AROUND_MS


def test_where_a_word_is_does_not_depend_on_what_was_placed_before(
    sound: NDArray[np.float32], turns: Sequence[Any]
) -> None:
    """Else a transcript would differ after an interruption."""
    words = turns[1].text.split()
    with ThreadPoolExecutor(1) as alone:
        first = alone.submit(place, cut(sound, turns[1]), words).result()
    for other in turns[2:6]:
        place(cut(sound, other), other.text.split())
    place(cut(sound, turns[3]), ["something", "else"])
    assert place(cut(sound, turns[1]), words) == first


def test_a_text_that_is_longer_than_its_sound_is_not_placed(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    assert place(cut(sound, turns[0])[: RATE // 3], turns[0].text.split()) is None


@pytest.mark.parametrize("length_ms", [0, 20, 99, 150])
def test_hardly_any_sound_holds_no_words(length_ms: int) -> None:
    assert place(np.zeros(length_ms * RATE // 1000, np.float32), ["a", "conversation"]) is None


def test_no_words_are_nowhere(sound: NDArray[np.float32]) -> None:
    assert place(sound[:RATE], []) is None
    assert place(sound[:RATE], ["—", "…"]) is None


def test_a_dash_among_words_has_no_place_of_its_own(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    words = turns[1].text.split()
    spans = place(cut(sound, turns[1]), [*words[:3], "—", *words[3:]])
    assert spans is not None
    assert [n for n, span in enumerate(spans) if span is None] == [3]


def test_a_name_that_no_dictionary_has_is_placed_too(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    words = turns[1].text.split()
    spans = place(cut(sound, turns[1]), ["Ithwaz" if word == "It" else word for word in words if word != "was"])
    assert spans is not None
    assert spans[0] is not None
    assert spans[0].overlap_ms(Span(AROUND_MS, AROUND_MS + 400)) > 0


def test_sound_too_loud_for_its_numbers_is_no_obstacle(sound: NDArray[np.float32], turns: Sequence[Any]) -> None:
    assert place(cut(sound, turns[1]) * 50, turns[1].text.split()) is not None
