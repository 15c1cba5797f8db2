"""Files as a page hands them out: transcripts and studies in other programs' formats, reports, figures, codebooks."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from iprkit.actions import agreement, codebooks, exports, figures, reports
from iprkit.actions.moment_tables import export_table, table_of
from iprkit.actions.study_agreement import Comparison, agree_on_codings
from iprkit.actions.study_exports import Wanted, export_study
from iprkit.actions.waveforms import CACHE
from iprkit.agreement.method import Method
from iprkit.database.connect import Study
from iprkit.database.files import storing
from iprkit.errors import InvalidInput
from iprkit.formats import Format
from iprkit.formats.studies import STUDY_WRITERS
from iprkit.report.paired_html import write_html

_TYPES = {
    ".csv": "text/csv", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html", ".json": "application/json", ".srt": "text/plain", ".tsv": "text/tab-separated-values",
    ".txt": "text/plain", ".vtt": "text/vtt", ".yaml": "application/yaml", ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip

MOMENTS, AGREEMENT = (".html", ".docx", ".xlsx"), (".csv", ".docx")


@dataclass(frozen=True)
class Made:
    """A file that was made: what it is called, and what is in it."""

    name: str
    data: bytes

    @property
    def kind(self) -> str:
        return _TYPES.get(Path(self.name).suffix, "application/octet-stream")


def transcripts_file(study: Study, form: str, keys: Sequence[str]) -> Made:
    """Transcripts in a format, all where no key is given; several in one archive. Raises NotFound, InvalidInput."""
    chosen = exports.format_named(form)
    with study.read() as db:
        wanted = exports.transcribed(db, keys)
    files = [(f"{key}{chosen.suffix}", _streamed(study, chosen, key)) for key in wanted]
    return _packed(f"transcripts-{form}.zip", [Made(*one) for one in files])


def study_file(study: Study, form: str, keys: Sequence[str]) -> Made:
    """The study, or what the keys name, in a format; several files in one archive. Raises as ``export_study`` does."""
    wanted = Wanted(STUDY_WRITERS[form], tuple(keys))
    return _in_folder(study, f"{form}.zip", lambda folder: export_study(study, wanted, folder).places)


def report_file(study: Study, keys: Sequence[str], for_team: bool) -> Made:
    """The page on a dyad, a session or the study. Raises as ``reports.write_report`` does."""
    name = f"{'-'.join(keys) or 'study'}.report.html"
    return _written(study, name, lambda to: reports.write_report(study, reports.Reported(tuple(keys), for_team), to))


def figures_file(study: Study, keys: Sequence[str]) -> Made:
    """Every figure with its data, in one archive. Raises as ``figures.write_figures`` does."""
    sketch = figures.Sketch(tuple(keys))
    return _in_folder(study, "figures.zip", lambda folder: figures.write_figures(study, sketch, folder))


def methods_file(study: Study, keys: Sequence[str], suffix: str) -> Made:
    """The methods paragraph. Raises as ``reports.write_methods`` does."""
    return _written(study, f"methods{suffix}", lambda to: reports.write_methods(study, keys, to))


def coreq_file(study: Study, keys: Sequence[str], suffix: str) -> Made:
    """The COREQ sheet as far as the study knows it. Raises as ``reports.write_coreq`` does."""
    return _written(study, f"coreq{suffix}", lambda to: reports.write_coreq(study, keys, to))


def moments_file(study: Study, session: str, suffix: str, leave_out: bool = False) -> Made:
    """The table of moments: as HTML to look at; as Word document or workbook for a paper, with permissions looked at.

    Raises as ``moment_tables.table_of`` and ``export_table`` do.
    """
    _check(suffix, MOMENTS)
    if suffix == ".html":
        text = io.StringIO()
        write_html(table_of(study, session), text)
        return Made(f"{session}-moments.html", text.getvalue().encode())
    return _written(study, f"{session}-moments{suffix}", lambda to: export_table(study, session, to, leave_out))


def agreement_file(study: Study, wanted: Comparison, method: Method, suffix: str) -> Made:
    """How far coders agree: the figures as CSV, the whole report as Word document. Raises as ``agree_on_codings``."""
    _check(suffix, AGREEMENT)
    report = agree_on_codings(study, wanted, method)
    name = f"agreement-{wanted.codebook or 'codings'}{suffix}"
    if suffix == ".csv":
        return _written(study, name, lambda to: agreement.write_figures((*report.pairs, *report.figures), to))
    return _written(study, name, lambda to: agreement.write_document(report, to))


def codebook_file(study: Study, name: str, form: str) -> Made:
    """A codebook in a format. Raises NotFound, InvalidInput."""
    chosen, stream = codebooks.codebook_format(form), io.BytesIO()
    codebooks.export_codebook_to(study, name, chosen, stream)
    return Made(f"{name}{chosen.suffix}", stream.getvalue())


def _streamed(study: Study, form: Format, key: str) -> bytes:
    stream = io.BytesIO()
    exports.export_to(study, form, [key], stream)
    return stream.getvalue()


def _written(study: Study, name: str, write: Callable[[Path], object]) -> Made:
    with _desk(study) as folder:
        write(folder / name)
        return Made(name, (folder / name).read_bytes())


def _in_folder(study: Study, name: str, write: Callable[[Path], Sequence[Path]]) -> Made:
    with _desk(study) as folder:
        return _packed(name, [Made(place.name, place.read_bytes()) for place in write(folder)])


def _packed(name: str, files: Sequence[Made]) -> Made:
    """The only file, or all of them in an archive of this name."""
    if len(files) == 1:
        return files[0]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            archive.writestr(zipfile.ZipInfo(one.name), one.data)
    return Made(name, stream.getvalue())


@contextmanager
def _desk(study: Study) -> Iterator[Path]:
    """A private folder in the study that is gone when the block ends."""
    with storing():
        (study.folder / CACHE).mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=study.folder / CACHE) as folder:
        yield Path(folder)


def _check(suffix: str, known: Sequence[str]) -> None:
    if suffix not in known:
        raise InvalidInput(f"{suffix!r} is not written; choose among {', '.join(one[1:] for one in known)}")
