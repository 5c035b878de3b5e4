"""What is remembered from fetch to fetch, in a small file beside sources.csv: one JSON object a line, the last holds.

A round asks for every address of the list once.  A round that broke off goes on with what is left of it.
"""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mingfu.errors import InputError
from mingfu.ingest.web.download import Version

FILE_NAME = ".sources.jsonl"


@dataclass(frozen=True, slots=True)
class Memo:
    """What is known of an address: the document that it held, its version, and the round in which it was asked."""

    url: str
    sha256: str
    bytes: int
    etag: str | None
    last_modified: str | None
    round: int

    @property
    def version(self) -> Version:
        """By what the server knows the document again."""
        return Version(self.etag, self.last_modified)


class Memory:
    """The memos by address; each is on disk before the next is written."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._turn = threading.Lock()
        self._memos: dict[str, Memo] = {}
        self.round = 1
        for line in _lines(self._path):
            try:
                self._take(json.loads(line))
            except (ValueError, TypeError) as error:
                reason = f"its line {line[:80]!r} is malformed; remove the file, and all is asked for anew"
                raise InputError(str(self._path), "E_DAMAGED", reason) from error

    def _take(self, entry: dict[str, Any]) -> None:
        if set(entry) == {"complete"}:
            self.round = int(entry["complete"]) + 1
        else:
            memo = Memo(**entry)
            self._memos[memo.url] = memo

    def of(self, url: str) -> Memo | None:
        """Return what is known of an address."""
        return self._memos.get(url)

    def keep(self, memo: Memo) -> None:
        """Write down what is known of an address now."""
        with self._turn, self._path.open("a", encoding="utf-8") as file:
            file.write(_line(asdict(memo)))
            self._memos[memo.url] = memo

    def complete(self) -> None:
        """Write down that every address was asked; the file is made anew, without what is outdated."""
        staged = self._path.with_name(FILE_NAME + ".new")
        lines = [*map(asdict, self._memos.values()), {"complete": self.round}]
        staged.write_text("".join(map(_line, lines)), encoding="utf-8")
        staged.replace(self._path)
        self.round += 1


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _lines(path: Path) -> list[str]:
    """Return the whole lines; one that broke off was never taken to be kept, and is removed."""
    if not path.is_file():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    return whole.decode("utf-8", "replace").split("\n")[:-1]
