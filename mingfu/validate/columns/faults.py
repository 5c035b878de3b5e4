"""What a table has against its schema, in the words of frictionless: the type of the error, its row and field."""

from __future__ import annotations

from dataclasses import dataclass

# As many faults of a table as frictionless tells.
LIMIT = 1000


class NotCompiled(Exception):
    """A schema or a file asks for what is left to frictionless."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A type of error, the position of the row (a header is row 1), the field or nothing, and what is wrong."""

    type: str
    row: int
    field: str
    note: str

    @property
    def message(self) -> str:
        """The fault in one line."""
        return f"row {self.row}{f', {self.field}' if self.field else ''}: {self.note} ({self.type})"
