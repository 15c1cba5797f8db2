"""``iprkit doctor``."""

from __future__ import annotations

import click

from iprkit.actions.doctor import Machine
from iprkit.actions.doctor import doctor as look
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import amount, json_option, print_json, print_table


@click.command(short_help="What this machine offers.")
@json_option
@click.pass_obj
def doctor(chosen: Chosen, as_json: bool) -> None:
    """Parts and their versions, cores, memory, disk, graphics card and speech engines."""
    machine = look(chosen.folder)
    if as_json:
        print_json(machine)
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
    ]
