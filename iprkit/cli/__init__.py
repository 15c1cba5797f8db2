"""The command line: parses what a person wrote, calls one action, prints the answer."""

from iprkit.cli.main import main

__all__ = ["main"]
