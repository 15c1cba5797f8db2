"""The sample study, from the first seventeen seconds of its film and a script in place of an engine."""

import json
import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit.actions.demo import find_sample
from iprkit.cli import main
from iprkit.formats import WRITERS
from iprkit.formats.native import write_native
from iprkit.formats.studies import STUDY_WRITERS
from iprkit.media.clips import cut_clip, write_wav
from iprkit.timeline import Span
from iprkit.transcript import Segment, Transcript, Word

ROOT = Path(__file__).parents[2]
Demo = Callable[..., Result]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the film's beginning and, as ``script.json``, the three turns that are heard in it.

    Beside it stands what the coders of the sample saw in that time.
    """
    folder = tmp_path_factory.mktemp("sample") / "recordings"
    folder.mkdir()
    _cut_sheets(folder.parent / "codings")
    with (folder / "d01-s03.mp4").open("wb") as stream:
        write_wav(cut_clip(ROOT / "recordings/d01-s03.mp4", Span(0, 17_000)), stream)
    truth = json.loads((ROOT / "transcripts/d01-s03.truth.json").read_text(encoding="utf-8"))
    turns = [turn for turn in truth["session"]["turns"] if turn["end"] < 17]
    with (folder / "script.json").open("w", encoding="utf-8") as stream:
        write_native(Transcript("script", "en", "", "", 17_000, tuple(map(_segment, turns))), stream)
    return folder


def _cut_sheets(to: Path) -> None:
    to.mkdir()
    for sheet in (ROOT / "codings").glob("*.csv"):
        rows = sheet.read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows[1:] if "-W60s-01" in row or 0 < int(row.split(",")[3] or 0) < 17_000]
        (to / sheet.name).write_text("\n".join([rows[0], *kept]), encoding="utf-8")


def _segment(turn: dict[str, float | str]) -> Segment:
    texts, label = str(turn["text"]).split(), "A" if turn["speaker"] == "therapist" else "B"
    start_ms, step = round(float(turn["start"]) * 1000), round((float(turn["end"]) - float(turn["start"])) * 1000)
    step //= len(texts)
    words = (Word("", w, start_ms + step * i, start_ms + step * (i + 1), None, label) for i, w in enumerate(texts))
    return Segment("", label, tuple(words))


@pytest.fixture
def demo(tmp_path: Path, sample: Path) -> Demo:
    """Runs ``iprkit demo FOLDER``, by default in a new one, with the script; ``env`` is the surroundings."""

    def run(folder: Path | None = None, *words: object, env: dict[str, str] | None = None) -> Result:
        said = [str(folder or tmp_path / "made"), "--sample", str(sample), *map(str, words)]
        script = [] if words else ["--engine", "scripted", "--model", str(sample / "script.json")]
        return CliRunner().invoke(main, ["--as", "anna", "demo", *said, *script], env=env)

    return run


def told(*words: object) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_step_is_said_in_plain_words_before_what_came_of_it(demo: Demo, tmp_path: Path) -> None:
    result = demo()
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    steps = [line for line in lines if line[:1].isdigit()]
    assert [line.split()[0] for line in steps] == [f"{n}." for n in range(1, len(steps) + 1)] and len(steps) == 10
    after = {step.split()[0]: lines[lines.index(step) + 1].strip() for step in steps}
    assert after["1."] == "D01: therapist T01, client C01"
    assert after["3."] == "52 words in 4 segments by scripted script"
    assert after["4."].startswith("A is the therapist T01: Welcome back.")
    assert after["5."].startswith("d01-s03-client-recall.m4a is not in")
    assert after["6."] == "0 moments, 0 of them marked by client and therapist alike"
    assert after["7."] == "d01-s03-anna.csv: 10 codings of anna"
    assert after["8."].startswith("Percent agreement")
    assert after["9."].startswith("D01-S03-W60s-01: WD_P 4, because: two clear signs")
    assert lines[-7] == "Type next:"


def test_the_commands_to_type_next_work(demo: Demo, tmp_path: Path) -> None:
    lines = demo().stdout.splitlines()
    for line in lines[-6:]:
        words = line.split()[1:]
        told(*(tmp_path / word if word.endswith(".wav") else word for word in words))


def test_the_study_has_dyad_film_transcript_speakers_and_exports(demo: Demo, tmp_path: Path) -> None:
    demo()
    folder = tmp_path / "made"
    transcript = json.loads(told("-C", folder, "transcript", "show", "D01-S03", "--json"))
    assert {(one["speaker"], one["role"]) for one in transcript["segments"]} == {("A", "therapist"), ("B", "client")}
    written = {f"D01-S03{form.suffix}" for form in WRITERS.values()}
    written |= {f"{'D01-S03' if form.each else 'study'}{form.suffix}" for form in STUDY_WRITERS.values()}
    assert {file.name for file in (folder / "exports").iterdir()} == written
    assert (folder / "recordings/d01-s03.mp4").is_file()
    assert "Nothing is wrong." in told("-C", folder, "check", "--full")


def test_typed_again_it_leaves_alone_what_is_done(demo: Demo, tmp_path: Path) -> None:
    demo()
    before = told("-C", tmp_path / "made", "history", "D01", "--json")
    result = demo()
    assert (result.exit_code, result.stdout.count("(done before)")) == (0, 6)
    assert told("-C", tmp_path / "made", "history", "D01", "--json") == before


def test_typed_again_it_goes_on_where_it_ended(demo: Demo, tmp_path: Path) -> None:
    first = demo(None, "--model", "base", env={"IPRKIT_MODELS": str(tmp_path / "none")})
    assert first.exit_code == 1
    assert demo().stdout.count("(done before)") == 2


def test_two_rows_on_what_an_engine_heard_as_one_sentence_make_one_coding(sample: Path, tmp_path: Path) -> None:
    """Sheets stand on sentences by time, and where a sentence ends another machine may hear otherwise."""
    shutil.copytree(sample.parent, tmp_path / "copy")
    sheet, here = tmp_path / "copy/codings/d01-s03-ben.csv", tmp_path / "copy/recordings"
    row = next(one for one in sheet.read_text(encoding="utf-8").splitlines() if one.startswith("D01-S03,,"))
    sheet.write_text(f"{sheet.read_text(encoding='utf-8')}\n{row.replace('medium', 'low')}\n", encoding="utf-8")
    script = ["--engine", "scripted", "--model", str(here / "script.json")]
    made = CliRunner().invoke(main, ["--as", "anna", "demo", str(tmp_path / "made"), "--sample", str(here), *script])
    assert made.exit_code == 0, made.output
    listed = json.loads(told("-C", tmp_path / "made", "code", "list", "--coder", "ben", "--json"))
    where = row.split(",")[4:6]
    assert [one["certainty"] for one in listed if [one["codebook"], one["code"]] == where] == ["low"]


def test_without_weights_it_says_what_to_type(demo: Demo, tmp_path: Path) -> None:
    result = demo(None, "--model", "base", env={"IPRKIT_MODELS": str(tmp_path / "none")})
    assert result.exit_code == 1
    assert "type: iprkit models fetch base" in result.stderr
    assert "2. The film of their third session" in result.stdout


def test_a_folder_with_other_things_is_left_alone(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made/thesis.txt").write_text("x")
    result = demo()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "holds other things and no sample study; name another folder: iprkit demo DIR" in result.stderr
    assert [file.name for file in (tmp_path / "made").iterdir()] == ["thesis.txt"]


def test_a_study_of_somebodys_own_is_left_alone(demo: Demo, tmp_path: Path) -> None:
    told("--as", "anna", "init", tmp_path / "made")
    result = demo()
    assert (result.exit_code, "holds a study of its own" in result.stderr) == (1, True)


def test_an_empty_folder_is_taken(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    assert demo().exit_code == 0


def test_a_sample_that_is_not_there_is_named(demo: Demo, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["demo", str(tmp_path / "made"), "--sample", str(tmp_path)])
    assert (result.exit_code, "iprkit demo --sample DIR" in result.stderr) == (1, True)
    assert not (tmp_path / "made").exists()


@pytest.mark.weights
def test_with_real_weights_the_whole_film_goes_through_the_whole_chain(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["demo", str(tmp_path / "made"), "--sample", str(ROOT), "--model", "tiny.en"])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "made/exports/D01-S03.txt").read_text(encoding="utf-8")
    assert text.startswith("Therapist: Welcome back")
    assert text.endswith("Therapist: I can hear the difference.\n")


def test_another_film_of_that_name_is_not_taken_for_the_sample(tmp_path: Path, sample: Path) -> None:
    """A study of one's own, standing in the current folder, may well have a recording d01-s03.mp4."""
    shutil.copytree(sample, tmp_path / "recordings")
    with chdir(tmp_path):
        assert find_sample() == ROOT / "recordings"
