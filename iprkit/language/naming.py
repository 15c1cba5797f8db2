"""Who is meant by the names before the paragraphs of a text: voices that a conversation has already, or new ones.

``Therapist``, ``T``, ``Speaker A``, a pseudonym or a printed name mean the voice that bears it. Where a conversation's
voices have no names yet, the words decide: a name belongs to the voice that said most of the words under it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from iprkit.transcript import Speaker

NEW_LABELS = "ABDEFGHJKLMNPQRSUVWYZ"
"""Without the letters that stand in segment keys for therapist, client, interviewer, observer and for nobody."""

_ROLES = {
    "therapist": "t th ther therapist therapeut therapeutin psychotherapist psychotherapeut counselor counsellor "
    "terapeuta thérapeute terapeut terapeute",
    "client": "c cl client p pat patient patientin klient klientin cliente paciente patiente",
    "interviewer": "i int interviewer interviewerin entrevistador entrevistadora intervieweur intervieweuse",
    "observer": "observer beobachter beobachterin observador observadora",
}
_COUNTED = re.compile(r"(?:speaker|sprecher|sprecherin|locutor|hablante)?[ _-]*\d+")
_ROLE_WORDS = {word: role for role, words in _ROLES.items() for word in words.split()}


@dataclass(frozen=True)
class Named:
    """By name as written, the labels that it can mean (several where two bear one name); and who these voices are.

    ``speakers`` are all voices of the conversation, new ones too, with the roles and names that the text gives them.
    """

    labels: dict[str, tuple[str, ...]]
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True)
class Known:
    """The voices of a conversation, the further names that each goes by, and the labels that must not be given again.

    ``aliases``: by label, letters of printed transcripts and pseudonyms. ``people``: roles by pseudonym.
    """

    speakers: tuple[Speaker, ...] = ()
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)

    def role(self, name: str) -> str | None:
        """The role that a name stands for: a pseudonym's, or one spelled out."""
        return self.people.get(name.strip().upper()) or role_of(name)


def who_is_meant(votes: Mapping[str, Mapping[str, int]], known: Known) -> Named:
    """Find the voice of every name.

    ``votes`` has the names in order of appearance, each with how many of its words were said by which label before.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in votes:
        borne = tuple(s.label for s in known.speakers if _plain(name) in _called(s, known))
        if borne:
            found[name] = borne
    speakers = {speaker.label: speaker for speaker in known.speakers}
    fresh = _fresh_labels(frozenset(speakers) | known.labels)
    for name in votes:
        if name not in found:
            claimed = {label for labels in found.values() for label in labels}
            told = Speaker("", known.role(name), None if known.role(name) else _printed(name))
            speaker = _by_words(told, votes[name], speakers, claimed) or _new(name, told, fresh, speakers)
            speakers[speaker.label] = speaker
            found[name] = (speaker.label,)
    return Named(found, tuple(speakers.values()))


def role_of(name: str) -> str | None:
    """The role that a name spells out in one of several languages, ``T``, ``Klientin``, ``Paciente``; else None."""
    return _ROLE_WORDS.get(_plain(name))


def _by_words(
    told: Speaker, votes: Mapping[str, int], speakers: Mapping[str, Speaker], claimed: set[str]
) -> Speaker | None:
    """The nameless voice that said more than half of the words under a name; it bears the name from now on."""
    best, count = Counter(votes).most_common(1)[0] if votes else ("", 0)
    speaker = speakers.get(best)
    if speaker is None or best in claimed or speaker.name or 2 * count <= sum(votes.values()):
        return None
    if speaker.role:
        return None if told.role else speaker
    return replace(told, label=speaker.label)


def _new(name: str, told: Speaker, fresh: Iterator[str], speakers: Mapping[str, Speaker]) -> Speaker:
    if _is_label(name) and _letter(name) not in speakers and told.role is None:
        return Speaker(_letter(name))
    return replace(told, label=next(label for label in fresh if label not in speakers))


def _printed(name: str) -> str | None:
    """The name to print, None where a machine or a typist only counted the voices."""
    return None if _is_label(name) or _COUNTED.fullmatch(_plain(name)) else name


def _is_label(name: str) -> bool:
    """Whether a name is no more than one of the letters that voices go by: ``B``, ``Speaker B``."""
    return len(_letter(name)) == 1 and _letter(name) in NEW_LABELS and role_of(name) is None


def _letter(name: str) -> str:
    return _plain(name).removeprefix("speaker ").upper()


def _called(speaker: Speaker, known: Known) -> set[str]:
    others = known.aliases.get(speaker.label, frozenset())
    names = (speaker.label, f"Speaker {speaker.label}", speaker.name, speaker.role, speaker.title, *others)
    spelled = [word for word, role in _ROLE_WORDS.items() if role == speaker.role]
    return {_plain(name) for name in (*names, *spelled) if name}


def _plain(name: str) -> str:
    return " ".join(name.casefold().rstrip(".").split())


def _fresh_labels(given: frozenset[str]) -> Iterator[str]:
    singles: Sequence[str] = NEW_LABELS
    doubles = (a + b for a in singles for b in singles)
    return (label for label in (*singles, *doubles) if label not in given)
