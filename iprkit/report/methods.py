"""The methods paragraph of a paper, written from what the database knows, and what it does not know told apart.

No sentence says more than was recorded. What a reader of the paper will ask and the study cannot answer is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from iprkit.agreement.result import NAMES
from iprkit.report.facts import Coded, Corrected, Facts, Figure, Heard, Linked
from iprkit.timeline import clock

_SAID = {
    "second": "second reading of doubtful places",
    "condition_on_previous_text": "conditioned on previous text",
    "compute_type": "calculated in",
}
_SOURCES = {
    "found": "found by comparing the sound of both recordings",
    "logged": "taken from the log of a player",
    "manual": "set by hand",
}


def methods(facts: Facts) -> list[str]:
    """The paragraphs: material, transcription, recall, coding and agreement, software."""
    found = [
        " ".join(_material(facts)),
        " ".join(_transcription(facts)),
        " ".join(_recall(facts.linked)),
        *(" ".join(_coding(one)) for one in facts.coded),
        f"The study was kept and analysed with iprkit {facts.iprkit}, which sends nothing over a network.",
    ]
    return [paragraph for paragraph in found if paragraph]


def missing(facts: Facts) -> list[str]:
    """What the study does not know and a methods section must say; each a sentence for the author."""
    found = []
    if facts.undated_sessions:
        found.append(f"{facts.undated_sessions} of {facts.sessions} sessions have no date.")
    if facts.linked.undated:
        found.append(f"The delay of {facts.linked.undated} recall interviews is not known: a date is missing.")
    if facts.untranscribed:
        found.append(f"Not transcribed: {', '.join(facts.untranscribed)}.")
    if facts.unnamed:
        found.append(f"Nobody said who speaks in {', '.join(facts.unnamed)}.")
    if facts.heard and not facts.corrected.changed_words:
        found.append("No transcript was corrected by a person, as far as the study knows; say so, or how it was done.")
    if not facts.consents:
        found.append("No consent is noted for any recording: iprkit consent.")
    if facts.asked_comments < sum(count for _, count in facts.linked.comments):
        found.append("Not for every comment somebody noted whether it may be quoted: iprkit recall allow.")
    found += [
        f"{one.name}: {_why_none(one)}" for one in facts.coded if not any(f.value is not None for f in one.agreement)
    ]
    found += [
        "The ethics committee, its decision and how people were recruited.",
        "Who held the interviews, with which training and which relation to the participants.",
        "What participants were told and asked in the interviews.",
    ]
    return found


def _material(facts: Facts) -> Iterator[str]:
    people = _counted(facts.people)
    yield f"The study comprises {_of(facts.dyads, 'dyad')}{f' ({people})' if people else ''}."
    film = f", {facts.video} of the recordings with film" if facts.video else ""
    yield (
        f"Of {_of(facts.sessions, 'session')}, {facts.recorded} {_was(facts.recorded)} recorded{film}, "
        f"{clock(facts.duration_ms)} in all."
    )


def _transcription(facts: Facts) -> Iterator[str]:
    for one in facts.heard:
        yield _heard(one)
    if facts.heard:
        yield _corrected(facts.corrected)


def _heard(one: Heard) -> str:
    engine = f"{one.engine} {one.engine_version}".strip()
    settings = [f"{_SAID.get(name, name.replace('_', ' '))} {value}" for name, value in one.settings]
    weights = f", SHA-256 {one.model_sha256[:12]}…" if one.model_sha256 else ""
    how = f" ({', '.join(settings)})" if settings else ""
    if not one.engine:
        return f"{_of(len(one.keys), 'transcript')} came from elsewhere, not from an engine."
    return (
        f"{_of(len(one.keys), 'recording')} ({one.language}) {_was(len(one.keys))} transcribed by {engine} "
        f"with the model {one.model}{weights}, run by iprkit {one.tool_version}{how}."
    )


def _corrected(one: Corrected) -> str:
    if not one.changed_words:
        return "No word of these transcripts was changed by a person."
    share = 100 * one.changed_words / one.heard_words if one.heard_words else 0
    told = (
        f"People changed {one.changed_words} of {one.heard_words} words that were heard ({share:.1f} %), "
        f"in {_of(one.transcripts, 'transcript')}"
    )
    by = ", ".join(f"{author} {_of(count, 'correction')}" for author, count in one.corrections)
    return f"{told}; by segment: {by}." if by else f"{told}."


def _recall(one: Linked) -> Iterator[str]:
    if not one.interviews:
        return
    yield f"{_of(one.interviews, 'recall interview')} {_was(one.interviews)} held."
    if one.delays_days:
        low, high = min(one.delays_days), max(one.delays_days)
        span = f"{low} to {high} days" if low != high else _of(low, "day")
        who = "They" if not one.undated else f"Those with both dates known ({len(one.delays_days)})"
        yield f"{who} took place {span} after the session (median {median(one.delays_days):g})."
    if one.sources:
        told = "; ".join(f"{_of(count, 'stretch', 'es')} {_SOURCES[source]}" for source, count in one.sources)
        by_hand = f" A person vouched for {one.pinned} of them." if one.pinned else ""
        yield f"What was played when, in the interviews, was laid on the session's clock: {told}.{by_hand}"
    comments = sum(count for _, count in one.comments)
    if comments:
        by = ", ".join(f"{count} by the {who}" for who, count in one.comments)
        yield f"What participants then said makes {_of(comments, 'comment')} ({by})."
        settings = dict(one.settings)
        if "back_ms" in settings:
            yield (
                "Each comment is about the stretch just played, at most the "
                f"{settings['back_ms'] // 1000} s before the pause; of {one.about_by_hand} comments a person set it."
            )
        if "tolerance_ms" in settings and one.moments:
            yield (
                f"Comments whose pauses lie at most {settings['tolerance_ms'] // 1000} s apart belong to one moment; "
                f"there are {one.moments} moments."
            )


def _coding(one: Coded) -> Iterator[str]:
    version = f"version {one.version}" if one.version else "no version"
    yield (
        f"{_of(len(one.codings), 'coder')} coded with {one.title or one.name} ({version}; unit: {one.unit}), "
        f"giving {_of(sum(count for _, count in one.codings), 'coding')} ({_counted(one.codings, plain=True)}) "
        f"with {one.codes_used} of {one.codes} codes."
    )
    if one.citation:
        yield f"Source of the codebook: {one.citation.rstrip('.')}."
    if one.assignments:
        yield (
            f"Of {_of(one.assignments, 'assignment')} {one.blind} {_was(one.blind)} coded blind to the others"
            f"{'; units: ' + '; '.join(one.samples) if one.samples else ''}."
        )
    for figure in one.agreement:
        yield _figure(figure)
    if one.settled:
        yield f"{_of(one.settled, 'target')} {_was(one.settled)} settled afterwards by {', '.join(one.deciders)}."


def _figure(one: Figure) -> str:
    name = NAMES.get(one.statistic, one.statistic)
    where = f"{one.n_units} units ({one.unit}), coders {', '.join(one.coders)}"
    where += f", round {one.round}" if one.round else ""
    if one.value is None:
        return f"{name} is undefined: {one.reason} ({where})."
    ci = f", interval {one.ci[0]:.2f} to {one.ci[1]:.2f}" if one.ci else ", no interval"
    how = f"; {one.interval}" if one.interval else ""
    return f"{name} = {one.value:.2f}{ci} ({where}{how})."


def _why_none(one: Coded) -> str:
    reasons = [f.reason for f in one.agreement if f.reason]
    return f"agreement is not known: {reasons[0].rstrip('.')}." if reasons else "agreement is not known."


def _of(count: int, noun: str, plural: str = "s") -> str:
    """``1 dyad``, ``3 dyads``, ``2 stretches``."""
    return f"{count} {noun}{'' if count == 1 else plural}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _counted(pairs: Sequence[tuple[str, int]], plain: bool = False) -> str:
    """``2 clients, 1 therapist``; of names ``anna 39, ben 40``."""
    if plain:
        return ", ".join(f"{name} {count}" for name, count in pairs)
    return ", ".join(
        _of(count, name) if name in ("client", "therapist") else f"{count} {name}" for name, count in pairs
    )
