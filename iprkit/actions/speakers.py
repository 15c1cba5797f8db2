"""Who is who in a conversation: its voices in the field's terms, by pseudonym, and under the name that is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from sqlalchemy.orm import Session as Db

from iprkit.actions.exchange_copies import write_exchange_copies
from iprkit.actions.keys import ROLES
from iprkit.actions.voice_profiles import expected_roles, known_speakers, stored_prints
from iprkit.actions.voices import Voices, voices
from iprkit.database import journal, queries
from iprkit.database.connect import Study
from iprkit.database.models import Conversation, Participant, RecallInterview, SpeakerRow
from iprkit.database.transcripts import rekey
from iprkit.errors import Conflict, InvalidInput, NotFound
from iprkit.formats.cues import decided, prefix
from iprkit.timeline import merge
from iprkit.transcript import Segment, Speaker

_OTHER = "other"  # whoever is neither of the dyad nor of the study; there may be any number of them
_KNOWN_BY_MS = 3_000  # a sentence of this length lets a person know a voice


@dataclass(frozen=True)
class SpeakerState:
    """A voice of a conversation; ``label`` is None for the words whose speaker nobody decided.

    ``speaking_ms`` lasts from the first to the last word of every segment. ``doubtful`` counts the words whose speaker
    is a close call. ``first`` is the first segment's text, ``example`` the key of a segment to know the voice by.
    """

    key: str
    label: str | None
    role: str | None
    name: str | None
    participant: str | None
    words: int
    segments: int
    speaking_ms: int
    doubtful: int
    first: str
    example: str


@dataclass(frozen=True)
class _Person:
    """Who a voice is said to be; the participant where there can be but one."""

    role: str
    participant: Participant | None = None

    def __str__(self) -> str:
        return f"{self.role} {self.participant.key}" if self.participant else self.role


def speakers(study: Study, key: str) -> list[SpeakerState]:
    """The voices of a session or recall interview, or of all that is transcribed of a dyad.

    Raises NotFound for an unknown key, and where nothing is transcribed yet.
    """
    with study.read() as db:
        return [state for one in _transcribed(db, key) for state in _states(voices(db, one.key))]


def name_speakers(study: Study, key: str, who: Mapping[str, str], names: Mapping[str, str] | None = None) -> str:
    """Say who the voices are, ``{"A": "therapist"}`` or ``{"A": "T01"}``, and how they are printed, ``{"A": "Dr. T"}``.

    An empty name takes the printed one away. Where one of two voices is named and the dyad has but two roles, the other
    voice has the other role. Returns what was done, in the journal's words. Raises NotFound for an unknown voice or
    participant, InvalidInput for what is neither role nor name, Conflict where two voices would be one person.
    """
    with study.change(f"named the speakers of {key}", key) as db:
        heard = voices(db, key)
        told = _completed(heard, {heard.label(label): _person(heard.conversation, text) for label, text in who.items()})
        printed = {heard.label(label): _printed(text) for label, text in (names or {}).items()}
        _check_persons(heard, told)
        _take_places(heard, told)
        for label, name in printed.items():
            _check_name(heard, label, name)
            heard.rows[label].name = name
        rekey(db, heard.conversation)
        said = [f"{label} is {told[label]}" for label in sorted(told)]
        said += [f"{label} is printed as {heard.title(label)}" for label in sorted(printed)]
        action = f"named the speakers of {key}: {', '.join(said)}"
        journal.reword(db, action)
    write_exchange_copies(study, key)
    return action


def swap_speakers(study: Study, key: str, one: str, other: str) -> str:
    """Two voices change places: role, participant and printed name of the one are the other's from now on.

    Returns what was done. Raises NotFound for an unknown voice, InvalidInput where both are one or neither is named.
    """
    with study.change(f"exchanged two speakers of {key}", key) as db:
        heard = voices(db, key)
        a, b = heard.label(one), heard.label(other)
        if a == b:
            raise InvalidInput(f"{one} and {other} are the same voice of {key}; name two of: {heard}")
        _exchange(key, heard.rows[a], heard.rows[b])
        rekey(db, heard.conversation)
        action = f"exchanged speakers {a} and {b} of {key}: {a} is {heard.title(a)}, {b} is {heard.title(b)}"
        journal.reword(db, action)
    write_exchange_copies(study, key)
    return action


def name_by_voice(study: Study, key: str) -> str:
    """Name the voices of an unnamed conversation, or of all those of a dyad, by the voices that are named already.

    Returns what was done. Raises NotFound for an unknown key, and where nobody is recognised.
    """
    with study.change(f"named the speakers of {key} by their voices", key) as db:
        found = _recognised(db, key)
        if not found:
            raise NotFound(
                f"nobody unnamed is recognised by the voice in {key}; say who is who in one session of the dyad, "
                "as in: iprkit speakers D01-S03 A=therapist"
            )
        for conversation, known in found.items():
            rows = {row.label: row for row in conversation.speakers}
            for speaker in known:
                row, person = rows[speaker.label], _person(conversation, speaker.role or _OTHER)
                row.role, row.participant, row.name = person.role, person.participant, row.name or speaker.name
            rekey(db, conversation)
        keys = [conversation.key for conversation in found]
        action = f"named the speakers of {', '.join(keys)} by their voices"
        journal.reword(db, action)
    for one in keys:
        write_exchange_copies(study, one)
    return action


def recognised(study: Study, key: str) -> dict[str, dict[str, str]]:
    """Who the voices of a dyad's unnamed conversations sound like: ``{"D01-S04": {"A": "therapist", "B": "client"}}``.

    ``key`` is the dyad's or that of one of its conversations. Raises NotFound.
    """
    with study.read() as db:
        dyad = queries.find_dyad(db, key) or queries.conversation(db, key).dyad
        found = _recognised(db, dyad.key)
        return {one.key: {speaker.label: speaker.role or _OTHER for speaker in known} for one, known in found.items()}


def _transcribed(db: Db, key: str) -> list[Conversation]:
    """A conversation, or what is transcribed of a dyad."""
    dyad = queries.find_dyad(db, key)
    if dyad is None:
        return [queries.conversation(db, key)]
    found = [one for one in dyad.conversations if one.versions]
    if not found:
        raise NotFound(f"nothing of dyad {key} is transcribed yet; try: iprkit transcribe")
    return found


def _states(heard: Voices) -> Iterator[SpeakerState]:
    labels: list[str | None] = [*heard.rows]
    if any(segment.speaker is None for segment in heard.transcript.segments):
        labels.append(None)
    for label in labels:
        own = [segment for segment in heard.transcript.segments if segment.speaker == label]
        row = heard.rows.get(label or "")
        words = [word for segment in own for word in segment.words]
        yield SpeakerState(
            key=heard.conversation.key,
            label=label,
            role=row.role if row else None,
            name=row.name if row else None,
            participant=row.participant.key if row and row.participant else None,
            words=len(words),
            segments=len(own),
            speaking_ms=sum(span.duration_ms for span in merge(segment.span for segment in own)),
            doubtful=sum(word.doubtful for word in words),
            first=own[0].text,
            example=_example(own).key,
        )


def _example(segments: list[Segment]) -> Segment:
    """The first good sentence long enough to know a voice by, else the longest there is."""
    good = [s for s in segments if not s.flags and not any(word.doubtful for word in s.words)] or segments
    long = (segment for segment in good if segment.span.duration_ms >= _KNOWN_BY_MS)
    return next(long, max(good, key=lambda segment: segment.span.duration_ms))


def _person(conversation: Conversation, text: str) -> _Person:
    """A role, or a participant by pseudonym. Raises InvalidInput, NotFound."""
    role, people = text.strip().lower(), _people(conversation)
    if role in ROLES:
        alike = [one for one in people.values() if one.role == role]
        return _Person(role, alike[0].participant if len(alike) == 1 else None)
    person = people.get(text.strip().upper())
    if person is not None:
        return person
    near = get_close_matches(role, ROLES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"the roles are {', '.join(ROLES)}"
    known = f"the participants {', '.join(people)}" if people else "no participants are named for the dyad"
    raise NotFound(f"{text!r} is neither a role nor a participant of {conversation.key}; {hint} ({known})")


def _people(conversation: Conversation) -> dict[str, _Person]:
    """Who can speak, by pseudonym: the dyad's members, in a recall interview only one of them beside interviewers."""
    members = {m.participant.key: _Person(m.role, m.participant) for m in conversation.dyad.members}
    if isinstance(conversation, RecallInterview):
        own, role = conversation.participant, conversation.recall.perspective
        members = {key: person for key, person in members.items() if person.role != role}
        if own is not None:
            members[own.key] = _Person(role, own)
    return members


def _completed(heard: Voices, told: dict[str, _Person]) -> dict[str, _Person]:
    """With the second of two voices, where the dyad has two roles and one person in the role that was named."""
    rest = [label for label in heard.rows if label not in told]
    if len(told) != 1 or len(rest) != 1:
        return told
    role, roles = next(iter(told.values())).role, expected_roles(heard.conversation)
    others = set(roles) - {role}
    if len(others) != 1 or roles.count(role) != 1 or heard.rows[rest[0]].role not in (None, role):
        return told
    return told | {rest[0]: _person(heard.conversation, others.pop())}


def _check_persons(heard: Voices, told: Mapping[str, _Person]) -> None:
    """Two voices are two people. Raises Conflict, which asks whether they are one."""
    said = {label: _Person(row.role, row.participant) for label, row in heard.rows.items() if row.role} | dict(told)
    roles = [person.role for person in said.values()]
    for a, b in combinations(sorted(said), 2):
        one, other = said[a], said[b]
        if {a, b}.isdisjoint(told) or one.role != other.role or one.role == _OTHER:
            continue
        several = expected_roles(heard.conversation).count(one.role) >= roles.count(one.role)
        if not several or (one.participant and one.participant is other.participant):
            raise Conflict(_one_or_two(heard.conversation, a, b, one))


def _one_or_two(conversation: Conversation, a: str, b: str, person: _Person) -> str:
    key, dyad = conversation.key, conversation.dyad.key
    if person.role in ("therapist", "client"):
        pseudonym = f"{person.role[0].upper()}02"
        two = f"if not, add the other one first: iprkit dyad add {dyad} --{person.role} {pseudonym}"
    else:
        two = f"if not, call one of them {_OTHER}"
    return (
        f"{a} and {b} would both be the {person} of {key}; if they are one person, join them: "
        f"iprkit speakers {key} --merge {b}={a}; {two}"
    )


def _take_places(heard: Voices, told: Mapping[str, _Person]) -> None:
    """The voices become who they are said to be; a printed name goes with the role when voices exchange theirs."""
    before = {heard.rows[label].role: heard.rows[label].name for label in told}
    after = {person.role for person in told.values()}
    for label, person in told.items():
        row = heard.rows[label]
        if row.role is not None and row.role != person.role and (person.role in before or row.role in after):
            row.name = before.get(person.role)
        row.role, row.participant = person.role, person.participant


def _printed(text: str) -> str | None:
    """A name to print, None for an empty one. Raises InvalidInput where it could not be read back before a colon."""
    name = " ".join(text.split())
    if name and (decided(name) is None or prefix(f"{name}: x") != (name, "x")):
        raise InvalidInput(f"{text!r} cannot be printed as a name; begin with a letter, as in Dr. T, without : ; ! [ ]")
    return name or None


def _check_name(heard: Voices, label: str, name: str | None) -> None:
    same = [other for other in heard.rows if other != label and heard.title(other) == name]
    if name and same:
        raise Conflict(f"{same[0]} of {heard.conversation.key} is printed as {name} already; choose another name")


def _exchange(key: str, one: SpeakerRow, other: SpeakerRow) -> None:
    if not any((one.role, one.name, other.role, other.name)):
        raise InvalidInput(
            f"neither {one.label} nor {other.label} of {key} is named yet; say who is who: "
            f"iprkit speakers {key} {one.label}=therapist"
        )
    one.role, other.role = other.role, one.role
    one.name, other.name = other.name, one.name
    one.participant, other.participant = other.participant, one.participant


def _recognised(db: Db, key: str) -> dict[Conversation, tuple[Speaker, ...]]:
    found: dict[Conversation, tuple[Speaker, ...]] = {}
    for one in _transcribed(db, key):
        labels = {row.label for row in one.speakers}
        if not any(row.role for row in one.speakers):
            known = known_speakers(db, one, stored_prints(db, one))
            if known and labels.issuperset(speaker.label for speaker in known):
                found[one] = known
    return found
