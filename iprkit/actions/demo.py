"""The sample study through the whole chain: one simulated dyad, made step by step in a folder of its own."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import iprkit
from iprkit.actions import demo_codings, demo_recalls
from iprkit.actions.dyads import add_dyad
from iprkit.actions.exports import export, format_named
from iprkit.actions.listeners import Request
from iprkit.actions.sessions import add_session, sources_of
from iprkit.actions.speakers import name_speakers, speakers
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.actions.transcription import Done, transcribe
from iprkit.database import queries
from iprkit.database.connect import DATABASE, SETTINGS, Study, create, open_study
from iprkit.errors import BatchError, Conflict, ModelMissing, NotFound
from iprkit.formats import WRITERS
from iprkit.formats.studies import STUDY_WRITERS
from iprkit.media.checksum import sha256
from iprkit.progress import Listener, silent
from iprkit.speech.engine import Options

TITLE = "Sample study: one simulated dyad"
FILM = "d01-s03.mp4"
FILM_SHA256 = "346ecef77128f9a2d14886e1dbd796212e9382788d8ad1cbef83069b397dd45f"
DYAD, NUMBER, KEY = "D01", 3, "D01-S03"


@dataclass(frozen=True)
class Wishes:
    """How the sample study is to be made: where its recordings lie, in whose name, with what it is transcribed."""

    sample: Path | None = None
    author: str | None = None
    request: Request = field(default_factory=lambda: Request(options=Options(language="en")))


@dataclass(frozen=True)
class Workplace:
    """What a step works with: the study, the folder of the sample's recordings, the wishes, who follows the work."""

    study: Study
    sample: Path
    wishes: Wishes
    report: Listener


@dataclass(frozen=True)
class DemoStep:
    """One step in plain words; ``do`` says what came of it, a line each, and leaves alone what was done before."""

    words: str
    do: Callable[[Workplace], Iterable[str]]


def demo(folder: Path, wishes: Wishes | None = None, report: Listener = silent) -> Iterator[str]:
    """Make the sample study in a folder, or go on where an earlier time ended; yields what to tell, line by line.

    Raises Conflict where the folder holds anything else, NotFound where the sample is not on this machine, ModelMissing
    with the command to type, and whatever the single steps raise. What is made till then is kept.
    """
    how = wishes or Wishes()
    sample = find_sample(how.sample)
    with _open(folder, how.author) as study:
        yield f"The sample study is made in {folder}."
        workplace = Workplace(study, sample, how, report)
        try:
            for number, step in enumerate(STEPS, start=1):
                yield f"\n{number}. {step.words}"
                yield from (f"   {line}" for line in step.do(workplace))
        except ModelMissing as error:
            raise ModelMissing(f"{error} (all that the sample needs: iprkit models fetch), then this again") from error
        yield from _summary(study, folder)


def find_sample(named: Path | None = None) -> Path:
    """The folder of the sample's recordings: ``named``, else that of the current folder or of iprkit's own source.

    Another film of that name, such as one of a study that stands here, is not taken for it. Raises NotFound.
    """
    here, source = Path.cwd() / "recordings", Path(iprkit.__file__).parents[1] / "recordings"
    for place in (named, named / "recordings") if named else (here, source):
        if (place / FILM).is_file() and (named or sha256(place / FILM) == FILM_SHA256):
            return place
    raise NotFound(
        f"the sample's film {FILM} is not in {named or 'this folder'}; it lies in the folder recordings of iprkit's "
        "source code; name the place of that: iprkit demo --sample DIR"
    )


def _open(folder: Path, author: str | None) -> Study:
    if (folder / DATABASE).is_file() or (folder / SETTINGS).is_file():
        study = open_study(folder, author)
        with study.read() as db:
            row = queries.the_study(db)
        if row is None or row.title != TITLE:
            study.close()
            raise Conflict(f"{folder} holds a study of its own; name another folder: iprkit demo DIR")
        return study
    if folder.is_dir() and any(place.is_file() for place in folder.rglob("*")):
        raise Conflict(f"{folder} holds other things and no sample study; name another folder: iprkit demo DIR")
    return create(folder, TITLE, author)


def _add_dyad(work: Workplace) -> Iterator[str]:
    with work.study.read() as db:
        known = queries.find_dyad(db, DYAD) is not None
    if not known:
        add_dyad(work.study, DYAD, {"therapist": ["T01"], "client": ["C01"]})
    yield f"{DYAD}: therapist T01, client C01" + _before(known)


def _add_session(work: Workplace) -> Iterator[str]:
    with work.study.read() as db:
        known = queries.find_conversation(db, KEY) is not None
    if not known:
        add_session(work.study, (DYAD, NUMBER), sources_of([work.sample / FILM]), report=work.report)
    yield f"{KEY}: {FILM}" + _before(known)


def _transcribe(work: Workplace) -> Iterator[str]:
    with work.study.read() as db:
        known = queries.newest_transcript(db, queries.conversation(db, KEY).id) is not None
    if known:
        yield f"{KEY} is transcribed" + _before(known)
        return
    (done,) = transcribe(work.study, [KEY], work.wishes.request, work.report)
    if done.error:
        raise BatchError(done.error)
    yield _told(done)


def _name(work: Workplace) -> Iterator[str]:
    """The therapist opens the sample session, and the voice that is heard first has the label A."""
    known = any(voice.role for voice in speakers(work.study, KEY))
    if not known:
        name_speakers(work.study, KEY, {"A": "therapist"})
    for voice in speakers(work.study, KEY):
        who = f"is the {voice.role} {voice.participant or ''}".strip() if voice.role else "is not named yet"
        yield f"{voice.label or '?'} {who}: {voice.first}"
    if known:
        yield "(done before)"


def _recall(work: Workplace) -> Iterator[str]:
    yield from demo_recalls.recall_sample(work.study, work.sample, work.wishes.request, work.report)


def _code(work: Workplace) -> Iterator[str]:
    sheets = work.sample.parent / "codings"
    if not sheets.is_dir():
        raise NotFound(f"the sample's coding sheets are not in {sheets}; they lie beside its folder recordings")
    yield from demo_codings.code_sample(work.study, sheets)


def _export(work: Workplace) -> Iterator[str]:
    for name in WRITERS:
        export(work.study, format_named(name), [KEY])
    yield f"exports/{KEY}.*  the transcript as {', '.join(WRITERS)}"
    for form in STUDY_WRITERS.values():
        done = export_study(work.study, Wanted(form, (KEY,) if form.each else ()))
        for place in done.places:
            what = done.lost or "everything is carried"
            yield f"{place.relative_to(work.study.folder)}  {form.purpose}; {what}"


STEPS = (
    DemoStep("Two people work together, known by pseudonyms only: a dyad.", _add_dyad),
    DemoStep("The film of their third session joins the study, which remembers its checksum.", _add_session),
    DemoStep(
        "The session is transcribed: where speech is, the words, when and by whose voice each is said.", _transcribe
    ),
    DemoStep("Somebody says once who is who; in the dyad's next sessions the voices are known.", _name),
    DemoStep("Client and therapist each watched the film with an interviewer: their recall is transcribed.", _recall),
    DemoStep(
        "By the sound of the film in the room, every comment finds the moment of the session that it is about.",
        lambda work: demo_recalls.link_sample(work.study, work.report),
    ),
    DemoStep("Two coders, both invented, coded the session apart from each other; their sheets come in.", _code),
    DemoStep("How far they agree, and where they differ.", lambda work: demo_codings.compare_sample(work.study)),
    DemoStep("One difference is settled with a reason.", lambda work: demo_codings.settle_sample(work.study)),
    DemoStep("Transcript and study are written for other programs, and each says what it does not carry.", _export),
)
"""In order. A new step goes to its place here; it finds done what stands before it."""


def _before(known: bool) -> str:
    return " (done before)" if known else ""


def _told(done: Done) -> str:
    return f"{done.words} words in {done.segments} segments by {done.engine} {done.model}"


def _summary(study: Study, folder: Path) -> Iterator[str]:
    here, example = f"iprkit -C {shlex.quote(str(folder))}", speakers(study, KEY)[-1].example
    yield f"\nMade in {study.folder}:"
    yield f"  {DATABASE:<12} the study itself: everything but the media"
    yield "  recordings/  the film; transcripts/  copies that follow the study; exports/  for other programs"
    yield "\nOpen it in your browser:"
    yield f"  {here} open"
    yield "\nType next:"
    yield f"  {here} transcript show {KEY}"
    yield f"  {here} speakers {KEY}"
    yield f"  {here} clip {example} -o {example.lower()}.wav"
    yield f"  {here} moments {KEY}"
    yield f"  {here} agree --codebook {demo_codings.SENTENCES}"
    yield f"  {here} history {KEY}"
