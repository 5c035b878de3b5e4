"""Writes OLE files ([MS-CFB]): the container of old Word files, and of new ones with a password."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

_SECTOR = 512
_LEAST = 4096  # bytes of a stream with sectors of its own
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write(streams: Mapping[str, bytes], path: Path) -> Path:
    """Write at most three streams, 50 kB together; each is filled up with NULs to the least size."""
    padded = {
        name: data.ljust(max(_LEAST, -(-len(data) // _SECTOR) * _SECTOR), b"\0") for name, data in streams.items()
    }
    table = [_TABLE, _END]  # sector 0 is this table, sector 1 the directory
    entries = [_entry("Root Entry", 5, child=1)]
    for place, (name, data) in enumerate(padded.items(), 1):
        following = place + 1 if place < len(padded) else _FREE
        entries.append(_entry(name, 2, following=following, start=len(table), size=len(data)))
        chain = range(len(table), len(table) + len(data) // _SECTOR)
        table += [*(other for _, other in pairwise(chain)), _END]
    entries += [_entry("", 0)] * (4 - len(entries))
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = struct.pack("<8s16x5H6x", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    path.write_bytes(b"".join([header, struct.pack("<128I", *table), *entries, *padded.values()]))
    return path


def _entry(
    name: str, kind: int, *, child: int = _FREE, following: int = _FREE, start: int = _END, size: int = 0
) -> bytes:
    written = name.encode("utf-16-le")
    length = len(written) + 2 if name else 0
    return struct.pack("<64sHBBIII36xIQ", written, length, kind, 1, _FREE, following, child, start, size)
