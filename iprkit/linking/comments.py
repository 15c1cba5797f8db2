"""What the participant said about which stretch of the session: their turns, laid on the map of what was playing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iprkit.linking.stretches import Stretch, stretches
from iprkit.recall import Comment, Pause, TimeMap
from iprkit.timeline import Span
from iprkit.transcript import Segment

INTERVIEWER = "interviewer"

BACK_MS = 30_000
"""How much of a long stretch a comment is about where nothing narrower is known: what was shown last, about 75 words.
People who stop a film react to what they just saw, and an excerpt of this length can still be printed."""

AROUND_MS = 5_000
"""How far before the place that somebody talked over their comment reaches: about one utterance."""

CLOSING_MS = 120_000
"""What begins this long after the last stop is about the session or the interview as a whole."""

_RUN_ON_MS = 1_500  # a sentence begun over the playback goes on after the stop, or the other way round
_SIGNAL_WORDS = 3  # "mm-hm", "yes, I see": the listener signals attention, and the comment goes on


def comments(segments: Sequence[Segment], perspective: str, time_map: TimeMap, stops: Sequence[Pause]) -> list[Comment]:
    """The comments of an interview in order, still without keys; the participant is who has the ``perspective``'s role.

    A comment is what the participant says until the interviewer speaks or playback goes on; a listener's signal of up
    to three words that is no question interrupts nothing. Where one voice speaks and nobody said whose it is, all that
    was said is theirs: people also talk to a film alone.
    """
    where = _Where(stretches(time_map), sorted(stops, key=lambda pause: pause.interview))
    return [_comment(run, perspective, where) for run in _runs(segments, perspective, where)]


@dataclass(frozen=True)
class _Place:
    """What was going on: a pause, or playback; neither before anything was shown."""

    pause: Pause | None = None
    over: Stretch | None = None


@dataclass(frozen=True)
class _Where:
    """The stretches and pauses of an interview, each in order."""

    stretches: list[Stretch]
    stops: list[Pause]

    def at(self, segment: Segment) -> _Place:
        """What was going on when the segment began."""
        middle_ms = segment.words[0].span.middle_ms
        over = next((one for one in self.stretches if middle_ms in one.interview), None)
        if over is not None:
            return _Place(over=over)
        before = [pause for pause in self.stops if pause.interview.start_ms <= middle_ms]
        return _Place(pause=before[-1] if before else None)

    def shown_before(self, pause: Pause) -> Stretch:
        """The stretch that the pause ended."""
        ended = [one for one in self.stretches if one.interview.end_ms <= pause.interview.start_ms]
        return max(ended, key=lambda one: one.interview.end_ms)


@dataclass(frozen=True)
class _Run:
    """One comment's segments, and the interviewer's before them."""

    place: _Place
    prompt: tuple[Segment, ...]
    said: tuple[Segment, ...]

    @property
    def span(self) -> Span:
        return Span(self.said[0].start_ms, max(segment.end_ms for segment in self.said))


def _runs(segments: Sequence[Segment], perspective: str, where: _Where) -> list[_Run]:
    alone = len({segment.speaker for segment in segments}) == 1 and not any(segment.role for segment in segments)
    runs: list[_Run] = []
    asked: tuple[Segment, ...] = ()
    for segment in sorted(segments, key=lambda one: one.start_ms):
        if segment.role == INTERVIEWER:
            asked += (segment,)
        elif alone or segment.role == perspective:
            place = where.at(segment)
            if runs and _goes_on(runs[-1], place, segment, asked):
                runs[-1] = replace(runs[-1], said=(*runs[-1].said, segment))
            else:
                runs.append(_Run(place, tuple(s for s in asked if where.at(s) == place), (segment,)))
            asked = ()
    return runs


def _goes_on(run: _Run, place: _Place, segment: Segment, between: Sequence[Segment]) -> bool:
    if not all(_is_signal(one) for one in between):
        return False
    in_one_pause = run.place == place and place.over is None
    return in_one_pause or segment.start_ms - run.span.end_ms <= _RUN_ON_MS


def _is_signal(segment: Segment) -> bool:
    return len(segment.words) <= _SIGNAL_WORDS and not segment.text.endswith(("?", "？", "؟"))


def _comment(run: _Run, perspective: str, where: _Where) -> Comment:
    draft = Comment(
        key="",
        speaker=perspective,
        interview=run.span,
        text=" ".join(segment.text for segment in run.said),
        words=(run.said[0].words[0].id, run.said[-1].words[-1].id),
        prompt=" ".join(segment.text for segment in run.prompt) or None,
    )
    if run.place.over is not None:
        return _talked_over(draft, run.place.over)
    return draft if run.place.pause is None else _in_pause(draft, run.place.pause, where)


def _talked_over(draft: Comment, over: Stretch) -> Comment:
    """About the place where they spoke: from a little before it to where they, or the playback, stopped."""
    began_ms = over.session_ms(draft.interview.start_ms)
    ended_ms = over.session_ms(min(draft.interview.end_ms, over.interview.end_ms))
    about = Span(max(min(over.session.start_ms, began_ms), began_ms - AROUND_MS), max(began_ms, ended_ms))
    return replace(draft, session=about, about="place", session_ms=began_ms, delay_ms=0)


def _in_pause(draft: Comment, pause: Pause, where: _Where) -> Comment:
    """About the stretch just shown, or its end where it was long."""
    delay_ms = max(0, draft.interview.start_ms - pause.interview.start_ms)
    told = replace(draft, session_ms=pause.session_ms, delay_ms=delay_ms)
    if pause == where.stops[-1] and delay_ms > CLOSING_MS:
        return told
    shown = where.shown_before(pause).session
    return replace(told, session=Span(max(shown.start_ms, shown.end_ms - BACK_MS), shown.end_ms), about="stretch")
