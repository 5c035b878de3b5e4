"""The errors of mingfu, and what each tells its reader to do.

    MingfuError
     +-- InputError            a file that cannot be read; never stops the other files
     +-- SchemaError           something below schemas/ is malformed; names file and line
     +-- PublicationStopped    error-level findings; nothing was published
     +-- StoreError            the published releases cannot be read or written
     +-- SigningError          a file that is not the key that is needed
     +-- NotFound              a report, observation or indicator that was asked for

Findings about data are not errors: they are rows of the table `checks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingfu.model import Finding

INPUT_CODES = {
    "E_MISSING": "check the path",
    "E_EXISTS": "name a file that is not there yet",
    "E_FOLDER": "name the report files in it",
    "E_ACCESS": "see to the permissions of the file and its folder, and to the disk, and try again",
    "E_EMPTY": "get the file again from its source; this copy holds no text",
    "E_FORMAT": "save the report in one of these formats and try again",
    "E_DAMAGED": "open the file, see whether it is whole, save it anew and try again",
    "E_ENCRYPTED": "save a copy without a password and try again",
    "E_NO_TEXT": "open the file and look; a scanned report needs the extra for pictures: pip install 'mingfu[ocr]'",
    "E_NO_READER": "install what is named and try again",
    "E_TOO_LARGE": "this is more than a report can be; take out the report and save it alone",
    "E_TIMEOUT": "open the file and look whether it is a report; save it as plain text (.txt) and try again",
    "E_BINARY": "this is not plain text; save the report as plain text (.txt) and try again",
    "E_ENCODING": "save the report as UTF-8 and try again",
    "E_NO_NUMBERS": "a report without a single number is most likely the wrong file; open it and look",
    "E_NO_ISSUER": "name the issuer and its area code in source.yaml beside the file",
    "E_NO_YEAR": "state the year of the report in source.yaml beside the file",
    "E_DUPLICATE": "keep one of the two files, or state in source.yaml which edition each is",
    "E_SOURCE": "correct source.yaml beside the file",
    "E_URL": "check the address; only reports on public hosts can be fetched, by http:// or https://",
    "E_FETCH": "try again later, or save the report with a browser and add the file: mingfu add FILE",
}

STORE_CODES = {
    "E_LOCKED": "wait until that run has ended, or let this one wait for it: mingfu run --wait SECONDS",
    "E_FULL": "make room on the disk, or raise the quota, and run again; every release that was there is whole",
    "E_READ_ONLY": "make the file system writable and run again; every release that was there is whole",
    "E_ACCESS": "see to the permissions of the file and its folder and run again",
    "E_DISK": "see to the disk (its cable, its system log) and run again; every release that was there is whole",
    "E_BROKEN": "`mingfu verify` tells more; bring back what was published, from git or the archive, and run again",
}


class MingfuError(Exception):
    """Root of every error that mingfu raises on purpose."""


class InputError(MingfuError):
    """A file that cannot be read, with one of `INPUT_CODES` and what to do about it."""

    def __init__(self, path: str, code: str, reason: str) -> None:
        super().__init__(path, code, reason)
        self.path, self.code, self.reason = path, code, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} ({self.code}): {INPUT_CODES[self.code]}"


class SchemaError(MingfuError):
    """Faults in files below schemas/, all of them together, each with file and place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class PublicationStopped(MingfuError):
    """Error-level findings stopped the publication; what was published before is untouched."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        lines = [f"- {finding.rule}: {finding.message}" for finding in self.findings]
        return "Nothing was published; correct these first:\n" + "\n".join(lines)


class StoreError(MingfuError):
    """The store of releases cannot be read or written, with one of `STORE_CODES` and what to do about it."""

    def __init__(self, path: str, code: str, reason: str) -> None:
        super().__init__(path, code, reason)
        self.path, self.code, self.reason = path, code, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} ({self.code}): {STORE_CODES[self.code]}"


class SigningError(MingfuError):
    """A file is not the key that is needed, or a key cannot be written."""


class NotFound(MingfuError):
    """Something that was asked for by its identifier does not exist."""


def missing_file(path: Path) -> InputError:
    """Return the error for a file that is not there."""
    return InputError(str(path), "E_MISSING", "no such file")
