"""The project directory: where each kind of file lives, and how its YAML and CSV files are read."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mingfu.errors import SchemaError

# libyaml reads the catalogue some ten times faster than the loader written in Python.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Refuses a key that is given twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys):
            twice = next(key for key, _ in node.value if keys.count(key.value) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice.value} is given twice", node.start_mark)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


@dataclass(frozen=True, slots=True)
class Project:
    """Paths of a project; nothing is read until it is asked for."""

    root: Path

    @property
    def raw(self) -> Path:
        """Folder of the reports as received."""
        return self.root / "data" / "raw"

    @property
    def published(self) -> Path:
        """Folder of the published dataset."""
        return self.root / "data" / "published"

    @property
    def schemas(self) -> Path:
        """Folder of everything that a statistician reviews."""
        return self.root / "schemas"

    def name_of(self, path: Path) -> str:
        """Return a path as findings and tables name it: below the root, with slashes, a link by its own name."""
        place, root = Path(os.path.realpath(path.parent), path.name), self.root.resolve()
        return printable(place.relative_to(root).as_posix() if place.is_relative_to(root) else str(path))


def printable(name: str) -> str:
    """Return the name of a file with \\xNN for each byte that is not UTF-8, as names from other systems have them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def find_project(start: Path) -> Project:
    """Return the project that `start` lies in; raise SchemaError where there is none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "schemas" / "dataset.yaml").is_file():
            return Project(folder)
    raise SchemaError([f"{start}: no mingfu project here (a folder with schemas/dataset.yaml); use --project"])


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; raise SchemaError with file and line where it is malformed."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise SchemaError([f"{path}: no such file"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise SchemaError([f"{place}: {getattr(error, 'problem', None) or error}"]) from error


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a UTF-8 CSV file with a header; raise SchemaError where it is missing."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError:
        raise SchemaError([f"{path}: no such file"]) from None
