import io

from iprkit.cli.progress import shown
from iprkit.progress import Step


def lines(*steps: Step) -> list[str]:
    stream = io.StringIO()
    with shown(stream) as report:
        for step in steps:
            report(step)
    return stream.getvalue().splitlines()


def test_without_a_terminal_there_is_one_line_for_every_tenth() -> None:
    told = lines(*(Step("D01-S03", "transcribe", done, 1000) for done in range(1001)))
    assert told == [f"D01-S03 transcribe {percent} %" for percent in range(10, 101, 10)]


def test_every_step_has_its_own_lines() -> None:
    told = lines(Step("D01-S03", "copy", 10, 10), Step("D01-S03", "align", 10, 10), Step("D01-S04", "copy", 10, 10))
    assert told == ["D01-S03 copy 100 %", "D01-S03 align 100 %", "D01-S04 copy 100 %"]


def test_work_of_unknown_or_no_length_is_done_when_it_reports() -> None:
    assert lines(Step("D01-S03", "copy", 0, 0)) == ["D01-S03 copy 100 %"]
