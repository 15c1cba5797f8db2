import csv
import io
from pathlib import Path

from iprkit.codebook import Code, Codebook
from iprkit.coding import Adjudication, Anchor, Coding, Target, span_key
from iprkit.exchange import Conversation, Exchange, Medium
from iprkit.formats.sequences import sequences, states, write_sdis, write_spells, write_states, write_traminer_r
from iprkit.timeline import Span


def at(start_ms: int, end_ms: int) -> Anchor:
    span = Span(start_ms, end_ms)
    return Anchor(Target(span_key("D01-S01", span), "span", "D01-S01"), span)


BOOK = Codebook("talk", "1", (Code("push", "Push"), Code("pull", "Pull")))
VALUES = Exchange(
    "Two codes",
    (
        Conversation(
            "D01-S01",
            "D01",
            media=(Medium("a.wav", 6_000),),
            codings=(
                Coding("1", "talk", "push", "anna", at(0, 2_000)),
                Coding("2", "talk", "pull", "anna", at(1_000, 3_000)),
                Coding("3", "talk", "push", "ben", at(4_000, 4_400)),
            ),
            adjudications=(
                Adjudication("s1", "talk", "push", at(0, 2_000), None, None, None, "so", "lea", ""),
                Adjudication("s2", "talk", "none", at(4_000, 4_400), None, None, None, "so", "lea", ""),
            ),
        ),
    ),
    codebooks=(BOOK,),
)


def written(write) -> str:
    stream = io.BytesIO()
    write(VALUES, stream)
    return stream.getvalue().decode("utf-8")


def test_each_coder_is_a_sequence_and_what_was_settled_another() -> None:
    assert [one.name for one in sequences(VALUES)] == [
        "D01-S01 talk anna", "D01-S01 talk ben", "D01-S01 talk adjudicated",
    ]  # fmt: skip


def test_sdis_tells_onset_and_offset_in_seconds_and_ends_each_sequence() -> None:
    assert written(write_sdis).splitlines() == [
        "% Two codes: codings as timed events, in seconds",
        "Timed <seconds>;",
        "",
        "<D01_S01_talk_anna>",
        "push,0.000-2.000",
        "pull,1.000-3.000",
        "/",
        "",
        "<D01_S01_talk_ben>",
        "push,4.000-4.400",
        "/",
        "",
        "<D01_S01_talk_adjudicated>",
        "push,0.000-2.000",
        "/",
    ]


def test_a_second_is_in_the_state_of_its_middle_and_codes_together_are_a_state() -> None:
    anna, ben, _ = sequences(VALUES)
    assert list(states(anna)) == ["push", "pull+push", "pull", "none", "none", "none"]
    assert list(states(ben)) == ["none"] * 6  # 4.0 to 4.4 s does not reach 4.5 s


def test_spells_are_the_runs_of_the_states(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(written(write_spells))))
    wide = list(csv.DictReader(io.StringIO(written(write_states))))
    for one in wide:
        mine = [row for row in rows if row["id"] == one["id"]]
        unrolled = [row["state"] for row in mine for _ in range(int(row["begin"]), int(row["end"]) + 1)]
        assert unrolled == [one[f"s{second}"] for second in range(1, 7)]


def test_the_r_script_names_every_state() -> None:
    assert 'alphabet <- c("none", "pull", "pull+push", "push")' in written(write_traminer_r)
