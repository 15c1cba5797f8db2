"""``iprkit doctor``."""

from __future__ import annotations

from dataclasses import asdict

import click

from iprkit.actions.doctor import Machine
from iprkit.actions.doctor import doctor as look
from iprkit.cli.chosen import Chosen
from iprkit.cli.models import plain
from iprkit.cli.output import amount, json_option, print_json, print_table
from iprkit.speech.catalogue import fetch_command
from iprkit.speech.models import Model


@click.command(short_help="What this machine offers.")
@json_option
@click.pass_obj
def doctor(chosen: Chosen, as_json: bool) -> None:
    """Parts and their versions, cores, memory, disk, graphics card, speech engines and models."""
    machine = look(chosen.folder)
    if as_json:
        print_json(asdict(machine) | {"models": [plain(model) for model in machine.models]})
    else:
        print_table(("What", "Here"), _rows(machine))


def _rows(machine: Machine) -> list[tuple[str, str]]:
    return [
        ("Python", machine.python),
        ("system", machine.system),
        ("SQLite", machine.sqlite),
        ("cores", str(machine.cores)),
        ("memory", f"{amount(machine.memory_bytes)}, {amount(machine.memory_free_bytes)} free"),
        ("disk", f"{amount(machine.disk_free_bytes)} free"),
        ("graphics card", machine.gpu or "none that helps"),
        ("speech engines", ", ".join(machine.engines) or "none"),
        *((part, found or "not installed") for part, found in machine.parts.items()),
        *((f"model {model.name} for {model.engine}", _state(model)) for model in machine.models),
    ]


def _state(model: Model) -> str:
    if model.installed:
        return f"{amount(model.size_bytes)} in {model.path}"
    return f"not here; type: {fetch_command(model.name, model.engine)}"
