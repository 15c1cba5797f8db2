"""One piece of long work as the queue runs it: in a process of its own, so that the page stays quick and it can be
stopped at any time. It tells line by line how far it is, and ends with what came of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any, TextIO

from iprkit.background import step_back
from iprkit.database.connect import Study, open_study
from iprkit.errors import IprkitError
from iprkit.progress import Listener, Step


def do(study: Study, step: str, key: str, options: Mapping[str, Any], report: Listener) -> str:
    """Do a step on a conversation. Returns what came of it in a sentence; raises IprkitError where nothing did."""
    return _STEPS[step](study, key, options, report)


def _transcribe(study: Study, key: str, options: Mapping[str, Any], report: Listener) -> str:
    from iprkit.actions.listeners import Request  # what listens takes seconds to load
    from iprkit.actions.transcription import transcribe
    from iprkit.speech.engine import Options

    heard = {name: options[name] for name in ("language", "initial_prompt") if name in options}
    asked = {name: options[name] for name in ("engine", "model", "speakers", "again") if name in options}
    (done,) = transcribe(study, [key], Request(options=Options(**heard), **asked), report)
    if done.error:
        raise IprkitError(done.error)
    return f"{done.words} words in {done.segments} segments" + (", as before" if done.already else "")


def _link(study: Study, key: str, options: Mapping[str, Any], report: Listener) -> str:
    from iprkit.actions.linking import How, link

    (done,) = link(study, [key], How(again=bool(options.get("again"))), report)
    if done.error:
        raise IprkitError(done.error)
    return f"{done.pauses} pauses, {done.comments} comments in {done.moments} moments"


def _align(study: Study, key: str, options: Mapping[str, Any], report: Listener) -> str:
    from iprkit.actions.alignment import Manner, align

    done = align(study, key, None, Manner(language=options.get("language")), report)
    return f"{done.placed} words found in the sound, {done.guessed} not"


_STEPS: dict[str, Callable[[Study, str, Mapping[str, Any], Listener], str]] = {
    "transcribe": _transcribe,
    "link": _link,
    "align": _align,
}


def main() -> int:
    """``python -m iprkit.actions.long_work``: the work is told on the first line of standard input.

    Ends at once when standard input does, so that nothing goes on when the server is gone.
    """
    os.umask(0o077)
    step_back()
    work = json.loads(sys.stdin.readline())
    out = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not be taken for an answer
    Thread(target=_end_with, args=(sys.stdin,), daemon=True).start()
    try:
        with open_study(Path(work["folder"]), work["author"], work["network_share"]) as study:
            said = do(study, work["step"], work["key"], work["options"], lambda step: _tell_step(out, step))
    except IprkitError as e:
        _tell(out, {"failed": str(e)})
        return 1
    _tell(out, {"done": said})
    return 0


def _end_with(stream: TextIO) -> None:
    stream.read()
    os._exit(1)


def _tell_step(out: TextIO, step: Step) -> None:
    _tell(out, {"step": step.name, "part": step.done, "of": step.total})


def _tell(out: TextIO, what: dict[str, Any]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # threads of engines may not end by themselves
