"""``iprkit consent`` and ``iprkit withdraw``."""

from __future__ import annotations

import click

from iprkit.actions import consents, withdrawals
from iprkit.actions.withdrawals import Consequences
from iprkit.cli.chosen import Chosen
from iprkit.cli.output import json_option, print_json, print_table


@click.group(short_help="What people agreed to, recording by recording.")
def consent() -> None:
    """Consent: for every recording and everybody heard in it, the uses that were agreed to."""


@consent.command("set")
@click.argument("key")
@click.option("--scope", required=True, metavar="USES", help=f"With commas: {', '.join(consents.USES)}; or none.")
@click.option("--party", metavar="WHO", help="Whose consent, as client; an interview's participant by default.")
@click.pass_obj
def set_scope(chosen: Chosen, key: str, scope: str, party: str | None) -> None:
    """Note what somebody heard in the session or interview KEY agreed to."""
    uses = [] if scope.strip() == "none" else [use.strip() for use in scope.split(",")]
    with chosen.study() as study:
        noted = consents.set_consent(study, key, uses, party)
    for one in noted:
        click.echo(f"{one.key}, {one.party}: {', '.join(one.scope) or 'nothing'}")


@consent.command()
@click.argument("dyad", metavar="D01")
@json_option
@click.pass_obj
def show(chosen: Chosen, dyad: str, as_json: bool) -> None:
    """Show what was noted of the recordings of a dyad."""
    with chosen.study() as study:
        found = consents.consents_of(study, dyad)
    if as_json:
        print_json(found)
    elif found:
        heads = ("Session", "Recording", "Party", "Agreed to")
        print_table(heads, [(one.key, one.recording, one.party, ", ".join(one.scope) or "nothing") for one in found])
    else:
        click.echo(f"Nothing is noted for {dyad}. Next: iprkit consent set KEY --scope analysis,quotation")


@click.command(short_help="One person of a dyad takes back what they gave.")
@click.argument("dyad", metavar="D01")
@click.argument("who", metavar="WHO")
@click.option("--purge", is_flag=True, help="Delete for good what somebody who withdrew said; no undo after that.")
@click.option("--yes", is_flag=True, help="Do not ask; what it means is told all the same.")
@click.option("--json", "as_json", is_flag=True, help="Only tell what it would mean, in JSON.")
@click.pass_obj
def withdraw(chosen: Chosen, dyad: str, who: str, purge: bool, yes: bool, as_json: bool) -> None:
    """WHO (client, therapist or a pseudonym) of dyad D01 withdraws: say what that means, ask, and do it.

    What they said is no longer shown anywhere. Until it is purged, `iprkit undo` takes the withdrawal back.
    """
    with chosen.study() as study:
        meant = withdrawals.consequences(study, dyad, who)
        if as_json:
            print_json(meant)
            return
        _tell(meant, purge)
        if not yes:
            click.confirm("Delete this for good?" if purge else "Withdraw?", abort=True)
        if purge:
            gone = withdrawals.purge(study, dyad, who)
            click.echo(f"Deleted, with {len(gone)} files.")
        else:
            withdrawals.withdraw(study, dyad, who)
            click.echo("Withdrawn. Take it back with: iprkit undo. Delete for good with: --purge")


def _tell(meant: Consequences, purge: bool) -> None:
    parts = {
        "Shown no more": meant.hidden,
        "Still shown": meant.shown,
        "Kept until it is purged": meant.kept,
        "Deleted by --purge": meant.purged,
        "Out of iprkit's reach": meant.beyond,
    }
    for head, sentences in parts.items():
        if purge and head in ("Shown no more", "Kept until it is purged"):
            continue
        click.echo(f"{head}:")
        for sentence in sentences or ("nothing",):
            click.echo(f"  {sentence}")
