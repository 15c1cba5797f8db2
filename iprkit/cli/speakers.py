"""``iprkit speakers``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click

from iprkit.actions import handovers
from iprkit.actions import speakers as who_is_who
from iprkit.actions.speakers import SpeakerState
from iprkit.actions.voice_profiles import forget_voices
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table
from iprkit.cli.times import as_ms
from iprkit.database.connect import Study
from iprkit.timeline import Span, clock

Job = Callable[[Study], str]

_END_MS = 1 << 40  # later than any recording ends
_SHOWN = 60  # characters of a first sentence
_HEADS = ("Session", "Voice", "Role", "Participant", "Printed as", "Words", "Speaking", "Doubtful", "First sentence")


@click.command(short_help="Who is who: name, join and part the voices.")
@click.argument("key")
@click.argument("who", metavar="[A=ROLE]...", nargs=-1)
@click.option("--name", "names", multiple=True, metavar="A=NAME", help='The name to print: A="Dr. T"; A= for none.')
@click.option("--merge", metavar="B=A", help="B and A are one person: B's words become A's.")
@click.option("--swap", nargs=2, metavar="A B", help="A and B change places; with times, only what they say then.")
@click.option("--split", multiple=True, metavar="A|SEGMENT", help="What A says at these times, or these segments, "
              "belong to a new voice.")  # fmt: skip
@click.option("--at", metavar="TIME", callback=as_ms, help="From this time on, as in 12:40.5; with --split, --swap.")
@click.option("--from", "start_ms", metavar="TIME", callback=as_ms, help="Where the stretch begins.")
@click.option("--to", "end_ms", metavar="TIME", callback=as_ms, help="Where it ends.")
@click.option("--give", multiple=True, metavar="SEGMENT=B", help="The segment T012, its words T012:3-5, or the words "
              "w0042-w0045 are B's.")  # fmt: skip
@click.option("--by-voice", is_flag=True, help="Name unnamed voices by the dyad's named ones.")
@click.option("--forget-voices", is_flag=True, help="Delete the voice profiles of the dyad KEY for good.")
@json_option
@click.pass_obj
def speakers(chosen: Chosen, /, key: str, as_json: bool, **asked: Any) -> None:
    """List the voices of the session, recall interview or dyad KEY, or say who is who: A=therapist, A=T01.

    A voice is meant by its label, role, letter in the keys, pseudonym or printed name. Every change is one step of
    undo.
    """
    job = _job(key, asked)
    with chosen.study() as study:
        if asked["forget_voices"]:
            _tell_forgotten(study, key, as_json)
            return
        done = job(study) if job else None
        states, alike = who_is_who.speakers(study, key), who_is_who.recognised(study, key)
    if as_json:
        print_json(states)
        return
    if done:
        click.echo(f"{done[0].upper()}{done[1:]}\n")
    _tell(states)
    for hint in (*_to_hear(states), *_next(states, alike)):
        click.echo(hint)


def _job(key: str, asked: dict[str, Any]) -> Job | None:
    """The one thing to do, None where the voices are only to be listed. Raises click.UsageError."""
    span = _span(asked["at"], asked["start_ms"], asked["end_ms"])
    naming = bool(asked["who"] or asked["names"])
    wanted = [naming, *(bool(asked[name]) for name in ("merge", "swap", "split", "give", "by_voice", "forget_voices"))]
    if sum(wanted) > 1:
        raise click.UsageError("one change at a time, so that each can be taken back: name, merge, swap, split or give")
    if span and not (asked["swap"] or asked["split"]):
        raise click.UsageError("--at, --from and --to go with --split or --swap")
    if naming:
        who, names = _once(map(_pair, asked["who"])), _once(map(_pair, asked["names"]))
        return lambda study: who_is_who.name_speakers(study, key, who, names)
    if asked["by_voice"]:
        return lambda study: who_is_who.name_by_voice(study, key)
    return _handover(key, asked, span)


def _handover(key: str, asked: dict[str, Any], span: Span | None) -> Job | None:
    if asked["merge"]:
        one, into = _pair(asked["merge"])
        return lambda study: handovers.merge_speakers(study, key, one, into)
    if asked["swap"]:
        a, b = asked["swap"]
        if span:
            return lambda study: handovers.swap_words(study, key, a, b, span)
        return lambda study: who_is_who.swap_speakers(study, key, a, b)
    if asked["split"]:
        places = [place for text in asked["split"] for place in text.split(",")]
        if span and len(places) > 1:
            raise click.UsageError("--split with times takes one voice; segments have their own times")
        if span:
            return lambda study: handovers.split_speaker(study, key, places[0], span)
        return lambda study: handovers.split_off(study, key, places)
    if asked["give"]:
        gifts = [_pair(text) for text in asked["give"]]
        return lambda study: handovers.give_words(study, key, gifts)
    return None


def _span(at_ms: int | None, start_ms: int | None, end_ms: int | None) -> Span | None:
    if at_ms is None and start_ms is None and end_ms is None:
        return None
    if at_ms is not None and (start_ms, end_ms) != (None, None):
        raise click.UsageError("--at means from then on; leave --from and --to out, or leave --at out")
    start = at_ms if at_ms is not None else start_ms or 0
    end = end_ms if end_ms is not None else _END_MS
    if end <= start:
        raise click.UsageError("--to must be later than --from")
    return Span(start, end)


def _pair(text: str) -> tuple[str, str]:
    left, found, right = text.partition("=")
    if not found or not left.strip():
        raise click.UsageError(f"{text!r} says nothing of anybody; write A=therapist, or T012=B after --give")
    return left.strip(), right.strip()


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for left, right in pairs:
        if left in found:
            raise click.UsageError(f"{left} is named twice, {found[left]!r} and {right!r}; choose one")
        found[left] = right
    return found


def _tell(states: Sequence[SpeakerState]) -> None:
    rows = [
        (one.key, one.label or "?", one.role, one.participant, one.name, one.words, clock(one.speaking_ms),
         one.doubtful, _shortened(one.first))
        for one in states
    ]  # fmt: skip
    print_table(_HEADS, rows)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rpartition(' ')[0]} …"


def _to_hear(states: Sequence[SpeakerState]) -> Iterator[str]:
    yield "\nTo hear a voice:"
    for one in states:
        yield f"  {one.label or '?'}  iprkit clip {one.example} -o {one.example.lower()}.wav"


def _next(states: Sequence[SpeakerState], alike: dict[str, dict[str, str]]) -> Iterator[str]:
    """What is open: voices that nobody named, voices printed alike, words of doubtful speaker."""
    sessions = list(dict.fromkeys(one.key for one in states))
    for session in sessions:
        own = [one for one in states if one.key == session and one.label]
        titles = [one.name or one.role for one in own]
        unnamed = [one.label for one in own if not one.role]
        if session in alike:
            sounds = ", ".join(f"{label} like the {role}" for label, role in alike[session].items())
            yield f"{session}: {sounds}, by the voice; if so: iprkit speakers {session} --by-voice"
        elif unnamed:
            yield f"{session}: who is who? iprkit speakers {session} {unnamed[0]}=therapist"
        alone = [one.label for one in own if one.role and not one.name and titles.count(one.role) > 1]
        if alone:
            yield f"{session}: several are printed alike; name them: iprkit speakers {session} --name {alone[0]}=NAME"
        if any(one.doubtful for one in own):
            yield f"{session}: the doubtful words: iprkit transcript show {session} --flagged"
    others = [session for session in alike if session not in sessions]
    if others and any(one.role for one in states):
        yield f"The same people by their voices: {', '.join(others)}; name them too: {_by_voice(others)}"


def _by_voice(sessions: Sequence[str]) -> str:
    return f"iprkit speakers {sessions[0].partition('-')[0] if len(sessions) > 1 else sessions[0]} --by-voice"


def _tell_forgotten(study: Study, key: str, as_json: bool) -> None:
    gone = forget_voices(study, key)
    if as_json:
        print_json(gone)
        return
    for one in gone:
        who = f"the {one.role}" if one.role else f"speaker {one.label}"
        click.echo(f"Deleted the voice profile of {who}, made from {one.key}")
    if not gone:
        click.echo(f"No voice profile of {key} is stored.")
        return
    click.echo("They cannot be brought back; the next sessions' speakers must be named by hand.")
    if any((study.folder / "backups").glob("*.db")):
        click.echo("Copies of the database in backups/ may still hold them.")
