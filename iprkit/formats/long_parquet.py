"""The long table as Parquet, which pandas, polars, DuckDB and R's arrow read with all types in place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, COUNT, LEVELS, NUMBER, LongRow, long_rows

if TYPE_CHECKING:
    import pyarrow

_PORTION = 5_000


def write_long_parquet(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding, what nobody said as null, each column's meaning in its metadata under ``label``."""
    import pyarrow  # it takes longer to load than most commands take to run
    import pyarrow.parquet

    rows, schema = long_rows(values), _schema()
    with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for portion in iter(lambda: list(islice(rows, _PORTION)), []):
            writer.write_table(pyarrow.Table.from_arrays(list(_arrays(portion, schema)), schema=schema))


def _schema() -> pyarrow.Schema:
    import pyarrow

    levels = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    types = {COUNT: pyarrow.int64(), NUMBER: pyarrow.float64(), LEVELS: levels}
    return pyarrow.schema(
        [
            pyarrow.field(column.name, types.get(column.kind, pyarrow.string()), metadata={"label": column.label})
            for column in COLUMNS
        ]
    )


def _arrays(rows: list[LongRow], schema: pyarrow.Schema) -> Iterator[pyarrow.Array]:
    import pyarrow

    for field in schema:
        cells = [None if row[field.name] == "" else row[field.name] for row in rows]
        levels = pyarrow.types.is_dictionary(field.type)
        made = pyarrow.array(cells, field.type.value_type if levels else field.type)
        yield made.dictionary_encode().cast(field.type) if levels else made
