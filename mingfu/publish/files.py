"""A table as Parquet (zstd), with the rows of its CSV file and all that its schema says."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

# Rows stand by report, thus by area.  Groups of this size let a reader of one area skip nearly all others
# (25 ms of 500 in a million rows) at a tenth more bytes; smaller ones make a reader of one indicator slower.
ROW_GROUP = 65_536
# Bytes up to which a group keeps a dictionary of a column.  Where nearly all values differ, Arrow's own limit
# of a megabyte nearly doubles a file of such groups, and takes half as long again.
DICTIONARY = 1 << 16


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet: titles, descriptions, units and keys in the metadata of the schema.

    The file says by which columns the rows are in order.
    """
    order = json.loads((table.schema.metadata or {}).get(b"orderedBy", b"[]"))
    parquet.write_table(
        _writable(table),
        path,
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        dictionary_pagesize_limit=DICTIONARY,
        sorting_columns=[parquet.SortingColumn(table.column_names.index(name)) for name in order] or None,
    )


def _writable(table: pa.Table) -> pa.Table:
    """Let a required column hold its nulls, so that validation names them and not the writer."""
    for place in range(table.num_columns):
        if table.column(place).null_count:
            table = table.set_column(place, table.field(place).with_nullable(True), table.column(place))
    return table
