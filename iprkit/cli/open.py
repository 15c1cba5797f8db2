"""``iprkit open``."""

from __future__ import annotations

from pathlib import Path

import click

from iprkit.cli.chosen import Chosen

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("open", short_help="Open the workbench in a browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--accounts", is_flag=True, help="Ask everybody for name and password; see: iprkit account.")
@click.option("--lan", metavar="NAME", help="Serve other machines, under this name or number of this one.")
@click.option("--certfile", type=_FILE, metavar="FILE", help="With --lan: the certificate.")
@click.option("--keyfile", type=_FILE, metavar="FILE", help="With --lan: its key.")
@click.option(
    "--openapi", metavar="FILE", type=click.Path(path_type=Path), help="Instead: write what the server offers."
)
@click.pass_obj
def open_workbench(
    chosen: Chosen, port: int, no_browser: bool, accounts: bool, lan: str | None, certfile: Path | None,
    keyfile: Path | None, openapi: Path | None,
) -> None:  # fmt: skip
    """Open the study in a browser on this machine; nobody else can reach it.

    The printed address lets one browser in, once. Ctrl+C ends the server.
    """
    from iprkit.web import openapi as contract  # the server takes a while to load
    from iprkit.web import serve
    from iprkit.web.app import Address

    if openapi is not None:
        contract.write(openapi)
        return
    if lan and not (certfile and keyfile):
        raise click.UsageError(
            "--lan needs --certfile and --keyfile: what people say must not cross a network in clear"
        )
    certificate = serve.Certificate(certfile, keyfile) if lan and certfile and keyfile else None
    address = Address(lan or "127.0.0.1", port, bool(lan), bool(lan), accounts or bool(lan))
    with chosen.study() as study:
        serve.serve(study, address, certificate, _tell, not no_browser and not lan)


def _tell(url: str) -> None:
    click.echo(url)
    click.echo("Ctrl+C ends the server; what was done is stored.", err=True)
