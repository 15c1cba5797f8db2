"""The paired table as a Word document, for the appendix of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.shared import Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from iprkit.report.paired import PairedMoment, PairedTable, head_of
from iprkit.report.printable import printable

_SMALL = Pt(7.5)


def write_docx(table: PairedTable, stream: BinaryIO, made: datetime) -> None:
    """Write the table as a document in landscape; ``made`` is the time that its properties tell."""
    write_docx_of([table], table.title, stream, made)


def write_docx_of(tables: Sequence[PairedTable], title: str, stream: BinaryIO, made: datetime) -> None:
    """Write several tables under their headings as one document."""
    document = Document()
    _landscape(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = printable(title), "", ""
    properties.created = properties.modified = made
    for table in tables:
        _add_table(document, table)
    if not tables:
        document.add_paragraph("There are no sessions yet.")
    document.save(stream)


def _add_table(document: Doc, table: PairedTable) -> None:
    document.add_heading(table.title, level=1)
    grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    _fill([cell.paragraphs[0] for cell in grid.rows[0].cells], table.heads)
    for moment in table.moments:
        _add_moment(grid, table, moment)
    for note in table.notes:
        document.add_paragraph(printable(note))


def _landscape(document: Doc) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _fill(paragraphs: Sequence[Paragraph], heads: Sequence[str]) -> None:
    for paragraph, head in zip(paragraphs, heads, strict=True):
        paragraph.add_run(head).italic = True


def _add_moment(grid: Table, table: PairedTable, moment: PairedMoment) -> None:
    cells = grid.add_row().cells
    head = cells[0].merge(cells[-1])
    first, *rest = head_of(moment)
    title = head.paragraphs[0]
    title.add_run(first).bold = True
    title.add_run(printable("   ".join(["", *rest])))
    for note in moment.notes:
        head.add_paragraph().add_run(printable(note)).italic = True
    cells = grid.add_row().cells
    for said in moment.excerpt:
        _quote(cells[0], f"{said.speaker}: ", said.text, said.key)
    for cell, perspective in zip(cells[1:], table.perspectives, strict=True):
        for quotation in moment.recalls.get(perspective, ()):
            if quotation.prompt:
                _paragraph(cell).add_run(printable(f"Interviewer: {quotation.prompt}")).italic = True
            _quote(cell, "", quotation.text, quotation.key)


def _quote(cell: _Cell, lead: str, text: str, key: str) -> None:
    paragraph = _paragraph(cell)
    paragraph.add_run(printable(lead)).italic = True
    paragraph.add_run(printable(text))
    paragraph.add_run(f"  {key}").font.size = _SMALL


def _paragraph(cell: _Cell) -> Paragraph:
    """The cell's empty first paragraph, or a further one."""
    first: Paragraph = cell.paragraphs[0]
    return cell.add_paragraph() if first.text else first
