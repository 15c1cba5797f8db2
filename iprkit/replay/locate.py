"""Where the session was being played in a recall interview, from the sound of both."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from iprkit.progress import Listener, silent
from iprkit.recall import TimeMap
from iprkit.replay.hearing import learn_hearing
from iprkit.replay.lines import draw_lines
from iprkit.replay.path import best_path, without_doubles
from iprkit.replay.pieces import as_pieces
from iprkit.replay.prints import Floats, Print, take_print
from iprkit.replay.search import find_hits

# Times the logarithm of the number of places at which a stretch could begin: with 1.0 one would begin by chance, if
# frames were independent. In 4 hours of talk without playback chance reached evidence of 20, the price being 25 to 35.
_CAUTION = 1.5


def locate(session: Iterable[Floats], interview: Iterable[Floats], report: Listener = silent) -> TimeMap:
    """Which stretch of the session was playing at which time of the interview.

    Both are mono sound at 16 kHz in blocks of shape (n,) or (1, n), as ``media.decode.stream`` gives it; a session of
    several recordings is one stream after the other. Each piece is of source ``found``; its confidence is the share
    of what could be heard in it that was recognised. What cannot be told from chance, or from another place of the
    session, is left out: a map may be empty, it should not be wrong.

    ``report`` hears of the step ``comparing``; its subject is empty, for the caller to fill in.
    """
    return _mapped(take_print(session), take_print(interview), report)


def _mapped(session: Print, interview: Print, report: Listener) -> TimeMap:
    hits = find_hits(session, interview, report)
    hearing = learn_hearing(session, interview, hits)
    if hearing is None:
        return TimeMap()
    lines = draw_lines(hits, len(session.frames), len(interview.frames))
    accounts = [hearing.account(session, interview, line) for line in lines]
    evidence = [account.evidence for account in accounts]
    price = _CAUTION * float(np.log(len(session.frames) * len(interview.frames)))
    stretches = without_doubles(best_path(lines, evidence, price), lines, evidence)
    return TimeMap.of(as_pieces(stretches, lines, accounts, len(interview.frames)))
