"""The sources of a REFI-QDA project: recordings with transcripts and texts, and the selections that stand on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from xml.etree import ElementTree as Xml

from iprkit.coding import Adjudication, Anchor, Coding, Target, span_key, words_key
from iprkit.exchange import Conversation, Medium, Note, Recalled
from iprkit.formats.qdpx_selections import SETTLED
from iprkit.formats.refi import told, untold
from iprkit.formats.texts import Placed, covering, place_text
from iprkit.formats.xml_tree import child, children, text_of, whole
from iprkit.recall import Moment
from iprkit.timeline import Span
from iprkit.transcript import Word
from iprkit.wording import tidy, tidy_line

KEY = re.compile(r"[A-Z]{1,4}\d{1,4}-S\d{2,3}(?:-(?:client|therapist|observer|other)(?:-[A-Z]{1,4}\d{1,4})?)?(?![\w-])")
"""A session's or recall interview's key at the beginning of a source's name."""

_MOMENT = re.compile(r"Moment (?P<key>\S+) \(\w+\)(?:: (?P<label>.*))?", re.DOTALL)
_OURS = ("Key", "Kind", "Dyad", "Participant", "Session number", "Date", "Role")
_SELECTIONS = ("PlainTextSelection", "TranscriptSelection", "AudioSelection", "VideoSelection")


@dataclass(frozen=True)
class Users:
    """The users of a project by their GUID."""

    names: dict[str, str]

    def of(self, element: Xml.Element, otherwise: str = "") -> str:
        """Who made something."""
        said = element.get("creatingUser") or element.get("modifyingUser") or ""
        return self.names.get(said.strip("{}").upper(), otherwise)


@dataclass(frozen=True)
class Said:
    """A note: its text, by whom, when, and its name."""

    text: str
    by: str
    at: str
    name: str


@dataclass(frozen=True)
class Project:
    """What selections refer to; ``codes`` say by GUID which codebook and key, ``remarks`` count what is left out."""

    file: str
    users: Users
    codes: dict[str, tuple[str, str]]
    notes: dict[str, Said]
    links: dict[str, list[str]]
    texts: Callable[[str], str | None]
    remarks: Counter[str]
    origin: str = ""


@dataclass
class _Talk:
    """One conversation while its sources are brought together."""

    key: str
    media: list[Medium] = field(default_factory=list)
    placed: Placed | None = None
    elements: list[Xml.Element] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)


def read_sources(root: Xml.Element, project: Project) -> tuple[tuple[Conversation, ...], dict[str, str]]:
    """The conversations, sources that share a text or a key as one; and by a source's GUID the key of its own."""
    talks: dict[str, _Talk] = {}
    by_path: dict[str, str] = {}
    by_source: dict[str, str] = {}
    names = {v.get("guid", "").upper(): v.get("name") or "" for v in children(child(root, "Variables"))}
    for source in children(child(root, "Sources")):
        if source.tag not in ("TextSource", "AudioSource", "VideoSource", "PDFSource"):
            project.remarks["pictures and other sources without words or sound are left out"] += 1
            continue
        about = _about(source, names)
        key = about.get("Key") or _key_of(source, by_path, talks)
        talk = talks.setdefault(key, _Talk(key))
        by_source[source.get("guid", "").upper()] = key
        talk.about |= about
        for element in _with_text(source):
            by_path.setdefault(element.get("plainTextPath") or f"#{id(element)}", key)
        _take(source, talk, project)
    return tuple(_conversation(talk, project) for talk in talks.values()), by_source


def _key_of(source: Xml.Element, by_path: dict[str, str], talks: dict[str, _Talk]) -> str:
    for element in _with_text(source):
        if (element.get("plainTextPath") or "") in by_path:
            return by_path[element.get("plainTextPath") or ""]
    name = tidy_line(source.get("name") or PurePosixPath(source.get("path") or "source").name)
    found = KEY.match(name)
    if found:
        return found[0]
    whose = re.sub(r"\.(txt|transcribed|docx?|rtf|odt)$", "", name)
    if whose in talks:  # the transcript of a recording that is there under its own name
        return whose
    number, free = 2, name
    while free in talks:
        free, number = f"{name} ({number})", number + 1
    return free


def _with_text(source: Xml.Element) -> list[Xml.Element]:
    """The parts of a source that are a text: itself, its transcripts, the text of a PDF."""
    own = [source] if source.tag == "TextSource" else []
    return own + children(source, "Transcript", "Representation")


def _take(source: Xml.Element, talk: _Talk, project: Project) -> None:
    if source.tag in ("AudioSource", "VideoSource"):
        path = source.get("path") or ""
        name = PurePosixPath(path.removeprefix("relative://").removeprefix("internal://")).name
        known = tidy_line(source.get("name") or "") or name
        inside = name if path.startswith("internal://") else ""
        part = len(talk.media) + 1
        talk.media.append(Medium(known, 0, part=part, video=source.tag == "VideoSource", inside=inside))
        if not inside:
            project.remarks["recordings are not in the file; add them to their sessions"] += 1
    if source.tag == "PDFSource":
        project.remarks["of PDFs the text alone is taken over"] += 1
    for element in _with_text(source):
        text = _text(element, project)
        if text is None:
            continue
        points = [
            (whole(point, "position", project.file), whole(point, "timeStamp", project.file))
            for point in children(element, "SyncPoint")
            if point.get("position") and point.get("timeStamp")
        ]
        if talk.placed is None or points:
            talk.placed = place_text(text, talk.key, points)
    talk.elements.append(source)


def _text(element: Xml.Element, project: Project) -> str | None:
    path = element.get("plainTextPath")
    text = project.texts(path) if path else text_of(child(element, "PlainTextContent")) or None
    if text is None and path:
        project.remarks["texts are missing from the file; what stands on them is left out"] += 1
    if text is None:
        return None
    text = text.removeprefix("\ufeff") if not project.origin.startswith("QualCoder") else text
    return text.replace("\r\n", "\n").replace("\r", "\n") if "ATLAS" in project.origin else text.replace("\r", " ")


def _about(source: Xml.Element, names: dict[str, str]) -> dict[str, str]:
    found = {}
    for value in children(source, "VariableValue"):
        ref = child(value, "VariableRef")
        name = names.get((ref.get("targetGUID") or "").upper(), "") if ref is not None else ""
        said = next((text_of(one) for one in value if one.tag.endswith("Value")), "")
        if name and said.strip():
            found[name] = tidy_line(said)
    return found


@dataclass
class _Upon:
    """What stands on one conversation, each thing once."""

    codings: dict[str, Coding] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    settled: list[Adjudication] = field(default_factory=list)
    memos: list[Note] = field(default_factory=list)

    def put(self, one: Coding | Moment | Adjudication | Note) -> None:
        if isinstance(one, Coding):
            self.codings.setdefault(f"{one.coder}/{one.codebook}/{one.code}/{one.anchor.target.key}", one)
        elif isinstance(one, Moment):
            self.moments.setdefault(one.key, one)
        elif isinstance(one, Adjudication):
            self.settled.append(replace(one, key=f"settled-{len(self.settled) + 1}"))
        else:
            self.memos.append(one)


def _conversation(talk: _Talk, project: Project) -> Conversation:
    upon = _Upon()
    for source in talk.elements:
        inner = [source, *children(source, "Transcript", "Representation")]
        for element in inner:
            upon.memos += [Note(talk.key, note.text, note.by, note.at) for note in _notes(element, project)]
        for selection in (one for element in inner for one in children(element, *_SELECTIONS)):
            anchor = _anchor(selection, talk, inner, project)
            if anchor is None:
                project.remarks["selections stand on no words or time that are in the file"] += 1
                continue
            for one in _read(selection, anchor, project):
                upon.put(one)
        for one in _of_whole(source, talk, project):
            upon.put(one)
    about = talk.about
    session = about.get("Session number", "")
    left = {name: value for name, value in about.items() if name not in _OURS}
    if left:
        upon.memos.append(Note(talk.key, "\n".join(f"{name} = {value}" for name, value in left.items())))
    return Conversation(
        key=talk.key,
        dyad=about.get("Dyad", ""),
        number=int(session) if session.isdecimal() and len(session) < 4 else None,
        date=about.get("Date") if re.fullmatch(r"\d{4}-\d\d-\d\d", about.get("Date", "")) else None,
        media=tuple(talk.media),
        transcript=talk.placed.transcript if talk.placed and talk.placed.places else None,
        recall=_recalled(talk),
        moments=tuple(upon.moments.values()),
        codings=tuple(_keyed(upon.codings.values())),
        adjudications=tuple(upon.settled),
        memos=tuple(dict.fromkeys(upon.memos)),
    )


def _recalled(talk: _Talk) -> Recalled | None:
    found = re.fullmatch(r"(?P<about>.+-S\d+)-(?P<role>[a-z]+)(?:-(?P<who>[A-Z]+\d+))?", talk.key)
    if talk.about.get("Kind") != "recall interview" or found is None:
        return None
    who = talk.about.get("Participant")
    return Recalled(found["about"], found["role"], who if who != found["role"] else None)


def _keyed(codings: Iterable[Coding]) -> Iterator[Coding]:
    for number, coding in enumerate(codings, start=1):
        yield replace(coding, key=f"coding-{number}")


def _anchor(selection: Xml.Element, talk: _Talk, inner: list[Xml.Element], project: Project) -> Anchor | None:
    """Where a selection stands: on words where it is one of text, else on a stretch of time."""
    if selection.tag in ("AudioSelection", "VideoSelection"):
        start_ms, end_ms = whole(selection, "begin", project.file), whole(selection, "end", project.file)
        return _on_time(Span(max(0, start_ms), max(0, start_ms, end_ms)), talk)
    if talk.placed is None:
        return None
    if selection.tag == "PlainTextSelection":
        start, end = whole(selection, "startPosition", project.file), whole(selection, "endPosition", project.file)
    else:
        points = {p.get("guid", "").upper(): p for element in inner for p in children(element, "SyncPoint")}
        ends = [points.get((selection.get(name) or "").upper()) for name in ("fromSyncPoint", "toSyncPoint")]
        if ends[0] is None or ends[1] is None:
            return None
        start, end = (whole(point, "position", project.file) for point in ends if point is not None)
    words = talk.placed.words_in(start, end)
    return on_words(words, talk.key) if words else None


def on_words(words: tuple[Word, ...], key: str) -> Anchor:
    """An anchor on words of a conversation."""
    target = Target(words_key(key, words[0].id, words[-1].id), "words", key)
    return Anchor(target, covering(words), (words[0].id, words[-1].id), " ".join(word.text for word in words))


def _on_time(span: Span, talk: _Talk) -> Anchor:
    words = [w for w in talk.placed.transcript.words if w.span.middle_ms in span] if talk.placed else []
    ends = (words[0].id, words[-1].id) if words else None
    stretch = span if span.duration_ms else Span(span.start_ms, span.start_ms + 1)
    quote = " ".join(word.text for word in words)
    return Anchor(Target(span_key(talk.key, stretch), "span", talk.key), stretch, ends, quote)


def _read(
    selection: Xml.Element, anchor: Anchor, project: Project
) -> Iterator[Coding | Moment | Adjudication | Note]:  # fmt: skip
    described = tidy(text_of(child(selection, "Description")))
    notes, by, at = _notes(selection, project), project.users.of(selection), selection.get("creationDateTime") or ""
    codings = children(selection, "Coding")
    for one in codings:
        guid = (_ref(one) or "").strip("{}").upper()
        if guid not in project.codes:
            project.remarks["codings have a code that is not in the file"] += 1
            continue
        yield coded(described, anchor, project.codes[guid], project.users.of(one, by) or "unnamed", at)
        yield from (Note(anchor.target.key, note.text, note.by, note.at) for note in _notes(one, project))
    yield from (Note(anchor.target.key, note.text, note.by, note.at) for note in notes)
    if codings or notes:
        return
    moment = _MOMENT.fullmatch(described)
    if moment:
        yield Moment(moment["key"], anchor.span, "researcher", moment["label"])
    elif described:
        yield Note(anchor.target.key, described, by, at)


def coded(described: str, anchor: Anchor, code: tuple[str, str], coder: str, at: str) -> Coding | Adjudication:
    """A coding, or what was settled, from its description with ratings and the like below the memo."""
    memo, said = untold(described)
    rating = float(said["rating"]) if "rating" in said else None
    about, round_name = said.get("about"), said.get("round")
    if coder == SETTLED and "settled" in said:
        decided = said["settled"].removeprefix("by ")
        return Adjudication("", *code, anchor, rating, about, round_name, memo, decided, at)
    memo = told(memo, {"settled": said.get("settled")})
    return Coding("", *code, coder, anchor, rating, about, said.get("certainty"), memo, round_name, at)


def _of_whole(source: Xml.Element, talk: _Talk, project: Project) -> Iterator[Coding]:
    """Codes that a source bears as a whole."""
    for one in children(source, "Coding"):
        guid = (_ref(one) or "").strip("{}").upper()
        if guid in project.codes and talk.placed and talk.placed.places:
            words = tuple(talk.placed.transcript.words)
            anchor = Anchor(Target(talk.key, "session", talk.key), covering(words), (words[0].id, words[-1].id))
            coder = project.users.of(one) or project.users.of(source) or "unnamed"
            yield Coding("", *project.codes[guid], coder, anchor, made_at=one.get("creationDateTime") or "")


def _ref(coding: Xml.Element) -> str | None:
    ref = child(coding, "CodeRef")
    return ref.get("targetGUID") if ref is not None else None


def _notes(element: Xml.Element, project: Project) -> list[Said]:
    """The notes that a thing refers to, and those that are linked to it."""
    own = [ref.get("targetGUID", "").strip("{}").upper() for ref in children(element, "NoteRef")]
    guid = element.get("guid", "").strip("{}").upper()
    own += [origin for origin, targets in project.links.items() if guid and guid in targets]
    return [project.notes[key] for key in dict.fromkeys(own) if key in project.notes and project.notes[key].text]
