"""A session transcribed by the engine ``scripted``: what a person types and reads, from there on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from iprkit.cli import main
from iprkit.database.connect import open_study
from iprkit.formats.native import write_native
from iprkit.transcript import Segment, Transcript, Word

Cli = Callable[..., Result]
TALK = (
    ("A", "Hvordan har du det?", 0),
    ("B", "Det er vanskelig.", 3000),
    ("A", "Fortell.", 5500),
    ("B", "Jeg sov ikke i natt, og jeg er redd for at det blir slik igjen.", 6500),
)


@pytest.fixture(autouse=True)
def _transcribed(cli: Cli, tmp_path: Path, record: Callable[..., Path]) -> None:
    script = tmp_path / "script.json"
    with script.open("w", encoding="utf-8") as stream:
        write_native(Transcript("script", "no", "", "", 20_000, tuple(_segments())), stream)
    assert CliRunner().invoke(main, ["--as", "anna", "init", str(tmp_path / "study")]).exit_code == 0
    assert cli("dyad", "add", "D01", "--therapist", "T01", "--client", "C01").exit_code == 0
    assert cli("session", "add", "D01", 1, record("a.wav", seconds=20)).exit_code == 0
    result = cli("transcribe", "--engine", "scripted", "--model", script, "--language", "no")
    assert "who is who? iprkit speakers D01-S01" in result.stdout


def _segments() -> Iterator[Segment]:
    for speaker, text, start_ms in TALK:
        words = enumerate(text.split())
        yield Segment("", speaker, tuple(Word("", w, start_ms + 400 * i, start_ms + 400 * i + 400) for i, w in words))


def voices(cli: Cli, *words: object) -> list[list[str | None]]:
    """Label, role, participant and printed name of the voices after a command."""
    result = cli("speakers", "D01-S01", *words, "--json")
    assert result.exit_code == 0, result.output
    return [[one[name] for name in ("label", "role", "participant", "name")] for one in json.loads(result.stdout)]


def keys(cli: Cli) -> list[str]:
    return [one["key"] for one in json.loads(cli("transcript", "show", "D01-S01", "--json").stdout)["segments"]]


def actions(cli: Cli) -> list[str]:
    return [entry["action"] for entry in json.loads(cli("history", "D01-S01", "--json").stdout)]


def test_the_voices_are_listed_with_how_to_hear_them_and_what_to_type(cli: Cli) -> None:
    lines = cli("speakers", "D01-S01").stdout.splitlines()
    table = [line.split("  ") for line in lines[2:4]]
    assert [[cell.strip() for cell in row if cell.strip()] for row in table] == [
        ["D01-S01", "A", "5", "0:02.0", "0", "Hvordan har du det?"],
        ["D01-S01", "B", "18", "0:07.2", "0", "Det er vanskelig."],
    ]
    assert lines[5:] == [
        "To hear a voice:",
        "  A  iprkit clip D01-S01-A001 -o d01-s01-a001.wav",
        "  B  iprkit clip D01-S01-B002 -o d01-s01-b002.wav",
        "D01-S01: who is who? iprkit speakers D01-S01 A=therapist",
    ]


def test_the_command_to_hear_a_voice_works(cli: Cli, tmp_path: Path) -> None:
    assert cli("clip", "D01-S01-B002", "-o", tmp_path / "b.wav").exit_code == 0


def test_in_json_every_voice_is_an_object_of_the_same_names(cli: Cli) -> None:
    told = json.loads(cli("speakers", "D01-S01", "--json").stdout)
    assert list(told[0]) == [
        "key", "label", "role", "name", "participant", "words", "segments", "speaking_ms", "doubtful", "first",
        "example",
    ]  # fmt: skip


def test_saying_who_one_is_says_who_the_other_is(cli: Cli) -> None:
    assert voices(cli, "A=therapist") == [["A", "therapist", "T01", None], ["B", "client", "C01", None]]
    assert keys(cli) == ["D01-S01-T001", "D01-S01-C001", "D01-S01-T002", "D01-S01-C002"]


def test_both_may_be_named_by_pseudonym_and_with_a_name_to_print(cli: Cli) -> None:
    assert voices(cli, "A=C01", "B=T01", "--name", "B=Dr. T") == [
        ["A", "client", "C01", None],
        ["B", "therapist", "T01", "Dr. T"],
    ]
    assert "Dr. T\n  D01-S01-T001  Det er vanskelig." in cli("transcript", "show", "D01-S01").stdout


def test_what_was_done_is_said_first(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "A=therapist")
    assert result.stdout.startswith("Named the speakers of D01-S01: A is therapist T01, B is client C01\n\n")
    assert "who is who" not in result.stdout


def test_merge_swap_split_and_give_are_one_step_of_undo_each(cli: Cli) -> None:
    cli("speakers", "D01-S01", "A=therapist")
    before = (voices(cli), keys(cli), len(actions(cli)))
    for command in (
        ["--merge", "B=A"],
        ["--swap", "A", "B"],
        ["--swap", "A", "B", "--from", "0:03", "--to", "0:06"],
        ["--split", "B", "--at", "0:06"],
        ["--split", "D01-S01-C001"],
        ["--split", "T001,C001"],
        ["--give", "D01-S01-T001=B"],
        ["--give", "C002:1-4=A", "--give", "T002=client"],
    ):
        assert (voices(cli, *command), keys(cli)) != before[:2], command
        assert len(actions(cli)) == before[2] + 1
        assert cli("undo").exit_code == 0
        assert (voices(cli), keys(cli)) == before[:2], command
        before = (*before[:2], before[2] + 2)


def test_times_mark_the_stretch_that_is_split_off(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "--split", "B", "--from", "0:06.5", "--to", "0:08")
    assert result.stdout.startswith("Split speaker B of D01-S01: 4 words between 0:06.5 and 0:08.0 are D's\n")


def test_voices_printed_alike_are_pointed_out(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "A=other", "B=other")
    assert "several are printed alike; name them: iprkit speakers D01-S01 --name A=NAME" in result.stdout


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["A"], "'A' says nothing of anybody; write A=therapist"),
        (["A=therapist", "A=client"], "A is named twice"),
        (["A=therapist", "--merge", "B=A"], "one change at a time"),
        (["--merge", "B=A", "--swap", "A", "B"], "one change at a time"),
        (["--at", "0:03"], "--at, --from and --to go with --split or --swap"),
        (["--split", "A", "--at", "0:03", "--from", "0:02"], "--at means from then on"),
        (["--split", "A", "--from", "0:03", "--to", "0:02"], "--to must be later than --from"),
        (["--split", "A,B", "--at", "0:03"], "--split with times takes one voice"),
        (["--split", "A", "--at", "soon"], "'soon' is no time"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(cli: Cli, words: list[str], answer: str) -> None:
    result = cli("speakers", "D01-S01", *words)
    assert (result.exit_code, answer in result.stderr) == (2, True), result.stderr


def test_a_voice_to_split_needs_times(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "--split", "A")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: A is a voice of D01-S01; say also when somebody else speaks under it, with --at or --from and --to, "
        "or name the segments\n"
    )


def test_an_unknown_voice_is_exit_1_with_those_there_are(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "F=client")
    assert (result.exit_code, result.stderr) == (1, "Error: D01-S01 has no speaker F; the speakers are: A, B\n")


def keep_voices(tmp_path: Path, key: str, **prints: list[float]) -> None:
    """The voices of a session as an engine with weights would have left them."""
    from iprkit.actions.voice_profiles import keep_profiles
    from iprkit.database import queries

    with open_study(tmp_path / "study", "anna") as study, study.write() as db:
        keep_profiles(db, queries.conversation(db, key), {label: (vector, 9) for label, vector in prints.items()})


@pytest.fixture
def second(cli: Cli, tmp_path: Path, record: Callable[..., Path]) -> None:
    """A second session in which the client speaks first; nobody is named in either."""
    cli("session", "add", "D01", 2, record("b.wav", seconds=20, pitch=300))
    script = tmp_path / "script.json"
    assert cli("transcribe", "--engine", "scripted", "--model", script, "--language", "no").exit_code == 0
    keep_voices(tmp_path, "D01-S01", A=[1.0, 0.0], B=[0.0, 1.0])
    keep_voices(tmp_path, "D01-S02", A=[0.0, 1.0], B=[1.0, 0.0])


def test_sessions_of_the_same_voices_are_pointed_out_and_named_by_one_command(cli: Cli, second: None) -> None:
    told = cli("speakers", "D01-S01", "A=therapist").stdout
    assert "The same people by their voices: D01-S02; name them too: iprkit speakers D01-S02 --by-voice" in told
    told = cli("speakers", "D01-S02").stdout
    assert "A like the client, B like the therapist, by the voice; if so: iprkit speakers D01-S02 --by-voice" in told
    result = cli("speakers", "D01", "--by-voice")
    assert result.stdout.startswith("Named the speakers of D01-S02 by their voices\n")
    told = json.loads(cli("speakers", "D01", "--json").stdout)
    assert [(one["key"], one["role"]) for one in told] == [
        ("D01-S01", "therapist"),
        ("D01-S01", "client"),
        ("D01-S02", "client"),
        ("D01-S02", "therapist"),
    ]


def test_voices_are_forgotten_for_good_and_what_was_deleted_is_said(cli: Cli, second: None) -> None:
    cli("speakers", "D01-S01", "A=therapist")
    assert "delete it with: iprkit speakers D01 --forget-voices" in cli("check").stdout
    assert cli("speakers", "D01", "--forget-voices").stdout.splitlines() == [
        "Deleted the voice profile of the therapist, made from D01-S01",
        "Deleted the voice profile of the client, made from D01-S01",
        "Deleted the voice profile of speaker A, made from D01-S02",
        "Deleted the voice profile of speaker B, made from D01-S02",
        "They cannot be brought back; the next sessions' speakers must be named by hand.",
    ]
    assert "voice profile" not in cli("check").stdout
    assert cli("speakers", "D01", "--forget-voices").stdout == "No voice profile of D01 is stored.\n"
    assert cli("speakers", "D01", "--forget-voices", "--json").stdout == "[]\n"


def test_backups_that_may_hold_forgotten_voices_are_pointed_out(cli: Cli, second: None) -> None:
    cli("backup")
    assert "Copies of the database in backups/ may still hold them." in cli("speakers", "D01", "--forget-voices").stdout


def test_voices_belong_to_a_dyad(cli: Cli) -> None:
    result = cli("speakers", "D01-S01", "--forget-voices")
    assert (result.exit_code, "did you mean D01?" in result.stderr) == (1, True)
