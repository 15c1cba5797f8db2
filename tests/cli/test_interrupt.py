import click
from click.testing import CliRunner

from iprkit.cli.main import Commands


def test_an_interrupted_command_is_exit_130() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    class Always(Commands):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            return click.Command(cmd_name, callback=interrupted)

    result = CliRunner().invoke(Always("iprkit"), ["wait"])
    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")
