"""Which commands there are and where each one lives; a file is loaded only when its command is called."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True)
class Listed:
    """A command by the place of its function, ``module:function`` under ``iprkit.cli``, and its line in ``--help``."""

    place: str
    summary: str


COMMANDS = {
    "init": Listed("studies:init", "Begin a study in a folder."),
    "demo": Listed("demo:demo", "The sample study through the whole chain."),
    "dyad": Listed("dyads:dyad", "Dyads: who works with whom."),
    "session": Listed("sessions:session", "Sessions and their recordings."),
    "recording": Listed("recordings:recording", "Further recordings of what is in the study."),
    "recall": Listed("recalls:recall", "Recall interviews, on the session's clock."),
    "status": Listed("studies:status", "What the study holds and how far it is."),
    "transcribe": Listed("transcription:transcribe", "Turn recordings into timed transcripts by speaker."),
    "speakers": Listed("speakers:speakers", "Who is who: name, join and part the voices."),
    "transcript": Listed("transcripts:transcript", "What was said, by whom and when."),
    "align": Listed("alignment:align", "Put a corrected or foreign text onto the sound."),
    "link": Listed("links:link", "Lay recall interviews on their session's clock."),
    "map": Listed("maps:time_map", "What was playing when, put right by hand."),
    "moments": Listed("moments:moments", "Session, client's and therapist's recall side by side."),
    "moment": Listed("moments:moment", "Add, change, merge and strike out moments."),
    "codebook": Listed("codebooks:codebook", "Codebooks: what coders code with."),
    "coder": Listed("coders:coder", "Those who code."),
    "code": Listed("codings:code", "Codings: who gave which code to what."),
    "assign": Listed("assignments:assign", "What coders are asked to code, apart from each other."),
    "adjudicate": Listed("adjudications:adjudicate", "Settle where coders differ."),
    "bundle": Listed("bundles:bundle", "An assignment, to a coder's computer and back."),
    "agree": Listed("agreement:agree", "How far coders agree."),
    "clip": Listed("clips:clip", "Cut the sound of a segment or stretch."),
    "import": Listed("imports:import_", "Bring in what other programs wrote."),
    "export": Listed("exports:export", "Transcripts and studies in the formats of other programs."),
    "open": Listed("open:open_workbench", "Open the workbench in a browser."),
    "account": Listed("accounts:account", "Those who work on the study from other machines."),
    "report": Listed("reports:report", "A dyad or the study as one page; figures, methods and COREQ for a paper."),
    "consent": Listed("consents:consent", "What people agreed to, recording by recording."),
    "withdraw": Listed("consents:withdraw", "One person of a dyad takes back what they gave."),
    "check": Listed("check:check", "Whether everything is there and whole."),
    "relink": Listed("sessions:relink", "Find recordings that were moved."),
    "undo": Listed("history:undo", "Take back the newest change."),
    "redo": Listed("history:redo", "Bring back what was undone last."),
    "history": Listed("history:history", "What happened to a dyad, session or segment."),
    "backup": Listed("studies:backup", "Copy the database, or the whole study, to safety."),
    "restore": Listed("studies:restore", "Bring back a backup, or a whole study."),
    "models": Listed("models:models", "The weights that engines listen with."),
    "doctor": Listed("doctor:doctor", "What this machine offers."),
}
"""In the order of ``--help``, which is the order of the work."""


def load(name: str) -> click.Command:
    """The command of a name. Raises KeyError where there is none."""
    module, _, function = COMMANDS[name].place.partition(":")
    found: click.Command = getattr(import_module(f"iprkit.cli.{module}"), function)
    return found
