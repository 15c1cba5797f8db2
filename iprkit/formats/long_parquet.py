"""The long table as Parquet, which pandas, polars, DuckDB and R's arrow read with all types in place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from iprkit.exchange import Exchange
from iprkit.formats.long_table import COLUMNS, COUNT, LEVELS, NUMBER, LongRow, long_rows

_PORTION = 5_000

_TYPES = {COUNT: pa.int64(), NUMBER: pa.float64(), LEVELS: pa.dictionary(pa.int32(), pa.string())}
_SCHEMA = pa.schema(
    [
        pa.field(column.name, _TYPES.get(column.kind, pa.string()), metadata={"label": column.label})
        for column in COLUMNS
    ]
)


def write_long_parquet(values: Exchange, stream: BinaryIO) -> None:
    """One row a coding, what nobody said as null, each column's meaning in its metadata under ``label``."""
    rows = long_rows(values)
    with pq.ParquetWriter(stream, _SCHEMA, compression="zstd") as writer:
        for portion in iter(lambda: list(islice(rows, _PORTION)), []):
            writer.write_table(pa.Table.from_arrays(list(_arrays(portion)), schema=_SCHEMA))


def _arrays(rows: list[LongRow]) -> Iterator[pa.Array]:
    for field in _SCHEMA:
        cells = [None if row[field.name] == "" else row[field.name] for row in rows]
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        made = pa.array(cells, plain)
        yield made.dictionary_encode().cast(field.type) if pa.types.is_dictionary(field.type) else made
