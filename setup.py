"""What setup.cfg cannot say: the library of codebooks is built into the package, from the folder where people look."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithLibrary(build_py):
    """Copies ``codebooks/*.yaml`` to ``iprkit/library/``; a checkout that is run in place has them at the top."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for source, target in self._library():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs: list[str] = super().get_outputs(include_bytecode)
        return outputs + ([] if self.editable_mode else [str(target) for _, target in self._library()])

    def _library(self) -> list[tuple[Path, Path]]:
        target = Path(self.build_lib, "iprkit", "library")
        return [(source, target / source.name) for source in sorted(Path("codebooks").glob("*.yaml"))]


setup(cmdclass={"build_py": BuildWithLibrary})
