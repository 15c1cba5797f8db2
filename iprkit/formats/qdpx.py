"""The REFI-QDA project (.qdpx), which NVivo, ATLAS.ti, MAXQDA and QualCoder read: one archive of XML, texts and media.

Every transcript is a text whose codings stand on its characters, and shares that text with the recording, whose
codings stand on its time. Coders are users, one selection for each coder and code. What has no place of its own
(ratings, about whom, certainty, rounds) stands below a coding's memo in the selection's description.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from iprkit.exchange import RECALL, Conversation, Exchange, Medium
from iprkit.formats.laid_out import UNTIMED, LaidOut, lay_out
from iprkit.formats.qdpx_codes import Codes
from iprkit.formats.qdpx_selections import Selection, selections
from iprkit.formats.refi import PROJECT, clean, element, guid, text_element, wrapped

MEMBER_OF = "Member of"
"""The dyad of a participant; ``Dyad`` is that of a source, as QualCoder lets a variable be of one kind only."""

_BLOCK = 1024 * 1024
_VARIABLES = (
    ("Key", "Text"), ("Kind", "Text"), ("Dyad", "Text"), ("Participant", "Text"), ("Session number", "Integer"),
    ("Date", "Date"), ("Role", "Text"), (MEMBER_OF, "Text"),
)  # fmt: skip


def write_qdpx(values: Exchange, stream: BinaryIO) -> None:
    """The same bytes for the same values, valid against the published schema. Recordings travel where their file is
    known; the others are named, to be put beside the project."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        project = _Project(values, archive)
        for one, recalled in _with_interviews(values.conversations):
            project.add(one, recalled)
        project.finish()


def _with_interviews(conversations: Iterable[Conversation]) -> Iterator[tuple[Conversation, list[Conversation]]]:
    """Every conversation, a session with the interviews about it that follow it."""
    waiting: list[Conversation] = []
    for one in conversations:
        if waiting and not (one.recall and one.recall.about == waiting[0].key):
            yield from _group(waiting)
            waiting = []
        waiting.append(one)
    yield from _group(waiting)


def _group(waiting: list[Conversation]) -> Iterator[tuple[Conversation, list[Conversation]]]:
    for number, one in enumerate(waiting):
        yield one, waiting[1:] if number == 0 else []


@dataclass
class _Part:
    """A list of the project, kept until all of it is known."""

    stream: BytesIO = field(default_factory=BytesIO)

    def add(self, xml: str) -> None:
        self.stream.write(xml.encode())

    def copy_to(self, out: IO[bytes], tag: str) -> None:
        if not self.stream.tell():
            return
        out.write(f"<{tag}>\n".encode())
        self.stream.seek(0)
        while block := self.stream.read(_BLOCK):
            out.write(block)
        out.write(f"</{tag}>\n".encode())


class _Project:
    """One project while it is written: sources go into the archive at once, the XML about them follows at the end."""

    def __init__(self, values: Exchange, archive: ZipFile) -> None:
        self.values, self.archive = values, archive
        self.codes = Codes(values.codebooks)
        self.users: dict[str, str] = {}
        self.sources, self.notes, self.links = _Part(), _Part(), _Part()
        self.names: set[str] = set()
        self.by_dyad: dict[str, list[str]] = {}
        for coder in values.coders:
            self.user(coder.name)
        self.writer = self.user(values.by or "iprkit")
        self.study_notes = [self.note(f"Memo on {n.target or 'the study'}", n.text, n.author, n.made_at)
                            for n in values.memos]  # fmt: skip

    def user(self, name: str) -> str:
        return self.users.setdefault(name, guid("user", name))

    def made(self, by: str | None = None, at: str | None = None) -> dict[str, object]:
        """The attributes that say who made something, and when."""
        return {"creatingUser": self.user(by) if by else self.writer, "creationDateTime": at or self.values.written_at}

    def unique(self, name: str) -> str:
        """A name that no other source or note of the project has."""
        number, free = 2, clean(name)
        while free.casefold() in self.names:
            free, number = f"{clean(name)} ({number})", number + 1
        self.names.add(free.casefold())
        return free

    def text(self, identity: str, text: str) -> str:
        """Puts a text into the archive; returns the path by which the project names it."""
        self.archive.writestr(_entry(f"sources/{identity}.txt"), clean(text))
        return f"internal://{identity}.txt"

    def note(self, name: str, text: str, by: str, at: str) -> str:
        own = self.unique(name)
        identity = guid("note", own)
        path = self.text(guid("note text", own), text)
        self.notes.add(element("Note", {"guid": identity, "name": own, "plainTextPath": path, **self.made(by, at)}))
        return identity

    def add(self, one: Conversation, recalled: list[Conversation]) -> None:
        """Write down a conversation: its recordings, its text, and what stands on them."""
        laid = lay_out(one.transcript) if one.transcript and one.transcript.segments else None
        media = [medium for medium in one.media if medium.view == "main"] or _placeholder(one)
        found = list(selections(one, recalled, laid, bool(media)))
        notes = [
            self.note(f"Memo on {n.target}", n.text, n.author, n.made_at) for n in one.memos if n.target == one.key
        ]
        path = self.text(guid("text of", one.key), laid.text) if laid else ""
        about = self._variables(one)
        refs = [element("NoteRef", {"targetGUID": note}) for note in notes]
        for number, medium in enumerate([*media, *(medium for medium in one.media if medium.view != "main")]):
            kind = "Video" if medium.video else "Audio"
            mine = [s for s in found if s.place is None and _medium_of(s, media) == medium]
            inner = [self._transcript(one, medium, laid, path)] if laid and medium in media[:1] else []
            inner += [self._selection(f"{kind}Selection", s, _times(s, medium)) for s in mine]
            inner += refs if number == 0 else []
            self._medium(one, medium, kind, [*inner, *about])
        if laid:
            inner = [self._selection("PlainTextSelection", s, _places(s)) for s in found if s.place is not None]
            self._text_source(one, path, [*inner, *about])
            for note in notes if not media else ():  # QualCoder drops a note that a text refers to itself
                self._link(note, guid("text source", one.key), f"note/{note}")

    def _medium(self, one: Conversation, medium: Medium, kind: str, inner: list[str]) -> None:
        name = self.unique(medium.name)
        identity = guid("recording", one.key, medium.view, str(medium.part))
        self.by_dyad.setdefault(one.dyad, []).append(identity)
        where = self._bring(medium, identity) if medium.file else f"relative:///{medium.name}"
        head = {"guid": identity, "name": name, "path": where, **self.made()}
        self.sources.add(element(f"{kind}Source", head, *inner))

    def _bring(self, medium: Medium, identity: str) -> str:
        assert medium.file is not None
        name = f"{identity}{PurePosixPath(medium.name).suffix}"
        entry = _entry(f"sources/{name}", ZIP_STORED)
        entry.file_size = medium.file.stat().st_size
        with self.archive.open(entry, "w") as out, medium.file.open("rb") as source:
            while block := source.read(_BLOCK):
                out.write(block)
        return f"internal://{name}"

    def _transcript(self, one: Conversation, medium: Medium, laid: LaidOut, path: str) -> str:
        last_ms = medium.duration_ms if medium.duration_ms else laid.lines[-1].span.end_ms
        points = [
            element("SyncPoint", {"guid": guid("sync", one.key, str(place)), "timeStamp": ms, "position": place})
            for place, at_ms in laid.sync_points()
            if (ms := at_ms - medium.offset_ms) <= last_ms or len(one.media) < 2
        ]
        head = {"guid": guid("transcript", one.key), "name": f"{one.key} transcript", "plainTextPath": path}
        return element("Transcript", {**head, **self.made()}, *points)

    def _text_source(self, one: Conversation, path: str, inner: list[str]) -> None:
        identity = guid("text source", one.key)
        self.by_dyad.setdefault(one.dyad, []).append(identity)
        head = {"guid": identity, "name": self.unique(f"{one.key} text"), "plainTextPath": path, **self.made()}
        self.sources.add(element("TextSource", head, *inner))

    def _selection(self, tag: str, one: Selection, where: dict[str, object]) -> str:
        identity, made = guid("selection", one.key), self.made(one.by, one.at)
        inner = [text_element("Description", one.description)]
        if one.code is not None:
            code = element("CodeRef", {"targetGUID": self.codes.guid(*one.code)})
            inner.append(element("Coding", {"guid": guid("coding", one.key), **made}, code))
        if one.note is not None:
            note = self.note(*one.note)
            inner.append(element("NoteRef", {"targetGUID": note}))
            self._link(note, identity, one.key)
        return element(tag, {"guid": identity, "name": one.name, **where, **made}, *inner)

    def _link(self, note: str, target: str, key: str) -> None:
        link = {"guid": guid("link", key), "name": "is about", "direction": "OneWay"}
        self.links.add(element("Link", {**link, "originGUID": note, "targetGUID": target}))

    def _variables(self, one: Conversation) -> list[str]:
        who = one.recall.participant or one.recall.perspective if one.recall else None
        said = {
            "Key": one.key, "Kind": "recall interview" if one.kind == RECALL else "session", "Dyad": one.dyad or None,
            "Participant": who, "Session number": one.number, "Date": one.date,
        }  # fmt: skip
        return [_value(name, value) for name, value in said.items() if value is not None]

    def finish(self) -> None:
        """Write the project's own file."""
        head = {
            "name": self.values.title or "Study", "origin": "iprkit", "creatingUserGUID": self.writer,
            "creationDateTime": self.values.written_at, "basePath": ".",
        }  # fmt: skip
        extra = dict.fromkeys(name for person in self.values.people for name, _ in person.variables)
        variables = [*_VARIABLES, *((name, "Text") for name in extra if name not in dict(_VARIABLES))]
        opened = element("Project", {"xmlns": PROJECT, **head}).replace("/>\n", ">\n")
        with self.archive.open(_entry("project.qde"), "w", force_zip64=True) as out:
            out.write(f'<?xml version="1.0" encoding="utf-8"?>\n{opened}'.encode())
            out.write(
                wrapped("Users", [element("User", {"guid": g, "name": n}) for n, g in self.users.items()]).encode()
            )
            out.write(self.codes.xml.encode())
            listed = [element("Variable", {"guid": guid("variable", n), "name": n, "typeOfVariable": t})
                      for n, t in variables]  # fmt: skip
            out.write(wrapped("Variables", listed).encode())
            out.write(wrapped("Cases", list(self._cases())).encode())
            for part, tag in ((self.sources, "Sources"), (self.notes, "Notes"), (self.links, "Links")):
                part.copy_to(out, tag)
            out.write(text_element("Description", "\n".join(self.values.remarks)).encode())
            out.write("".join(element("NoteRef", {"targetGUID": note}) for note in self.study_notes).encode())
            out.write(b"</Project>\n")

    def _cases(self) -> Iterator[str]:
        for person in self.values.people:
            dyads = [dyad.key for dyad in self.values.dyads if person.key in dyad.members]
            said = [("Role", person.role), *((MEMBER_OF, key) for key in dyads[:1]), *person.variables]
            inner = [_value(name, value) for name, value in said]
            refs = [element("SourceRef", {"targetGUID": g}) for key in dyads for g in self.by_dyad.get(key, [])]
            yield element("Case", {"guid": guid("case", person.key), "name": person.key}, *inner, *refs)


def _entry(name: str, how: int = ZIP_DEFLATED) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type, entry.external_attr, entry.create_system = how, 0o600 << 16, 3
    return entry


def _value(name: str, value: object) -> str:
    kind = dict(_VARIABLES).get(name, "Text")
    ref = element("VariableRef", {"targetGUID": guid("variable", name)})
    return element("VariableValue", {}, ref, text_element(f"{kind}Value", str(value)))


def _placeholder(one: Conversation) -> list[Medium]:
    """For a transcript with times and no recording: a name for the recording that they are times of."""
    if one.transcript is None or not one.transcript.segments:
        return []
    if all(UNTIMED in segment.flags for segment in one.transcript.segments):
        return []
    return [Medium(f"{one.key}.wav", 0)]


def _medium_of(one: Selection, media: list[Medium]) -> Medium:
    """The recording in which a selection begins: the last that begins before it."""
    before = [medium for medium in media if medium.offset_ms <= one.span.start_ms]
    return max(before, key=lambda medium: medium.offset_ms, default=media[0])


def _times(one: Selection, medium: Medium) -> dict[str, object]:
    start_ms = max(0, one.span.start_ms - medium.offset_ms)
    return {"begin": start_ms, "end": max(start_ms + 1, one.span.end_ms - medium.offset_ms)}


def _places(one: Selection) -> dict[str, object]:
    assert one.place is not None
    return {"startPosition": one.place[0], "endPosition": one.place[1]}
