"""Old office files (.doc, .wps, .rtf): LibreOffice makes a Word document of them, which the reader of those reads.

catdoc and its like are not used: they leave out the ordinals that Word generates, and mix up characters.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from olefile import OleFileIO

from mingfu.ingest.readers import docx
from mingfu.ingest.reading import File, Reading

_SECONDS = 60  # a slow machine may take so long; no report keeps a fast one busy for as long as _CPU_SECONDS
_CPU_SECONDS = 10
_LEAST_SHARE = 0.5  # of the characters that the file says or shows it holds
_RTF_CHARACTER = re.compile(rb"\\u-?\d+|\\'[0-9a-fA-F]{2}\\'[0-9a-fA-F]{2}")
_RTF_ESCAPE = re.compile(rb"\\[\\{}]")
_INSTALL = "install it (on Debian and Ubuntu: apt install libreoffice-writer-nogui), or save the report as .docx"
# No macros, and nothing is loaded from where a document links to.
_SETTINGS = """<?xml version="1.0"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks">
<value>true</value></prop></item>
</oor:items>
"""


def read(file: File) -> Reading:
    """Return the text; raise InputError E_FORMAT, E_DAMAGED, E_ENCRYPTED, E_NO_READER, E_TIMEOUT or E_NO_TEXT."""
    is_rtf = file.data.startswith(b"{\\rtf")
    expected = _characters_of_rtf(file) if is_rtf else _characters_of_doc(file)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise file.error("E_NO_READER", f"reading .doc, .wps and .rtf files needs LibreOffice: {_INSTALL}")
    file.more_time(_SECONDS)
    reading = docx.read(File(_converted(file, program, ".rtf" if is_rtf else ".doc"), file.name, file.more_time))
    found = len(re.sub(r"\s", "", reading.text))
    if found < _LEAST_SHARE * expected:
        raise file.error("E_NO_TEXT", f"of some {expected:,} characters only {found:,} could be read")
    return reading


def _converted(file: File, program: str, suffix: str) -> bytes:
    with TemporaryDirectory(prefix="mingfu-") as folder:
        home = Path(folder)
        settings = home / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        (home / f"report{suffix}").write_bytes(file.data)
        command = ["sh", "-c", f'ulimit -S -t {_CPU_SECONDS} && exec "$0" "$@"', program]
        command += [f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "docx", "--outdir", folder, str(home / f"report{suffix}")]
        # It stays in the process group of the worker, which ends it when it takes too long.
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        surroundings |= {"HOME": folder, "TMPDIR": folder}
        before = _seconds_of_children()
        done = subprocess.run(command, env=surroundings, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if not (home / "report.docx").exists():
            if _seconds_of_children() - before > _CPU_SECONDS / 2:
                raise file.error("E_TIMEOUT", "LibreOffice took too long to read it")
            said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise file.error("E_DAMAGED", "; ".join(["LibreOffice could not read it", *said]))
        return (home / "report.docx").read_bytes()


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _characters_of_rtf(file: File) -> int:
    """Return how many characters outside ASCII a Rich Text file writes."""
    data = file.data.rstrip(b"\x00\r\n\t ")
    if not data.endswith(b"}"):
        raise file.error("E_DAMAGED", "it begins as a Rich Text file, but is cut off: its end is missing")
    groups = _RTF_ESCAPE.sub(b"", data)
    is_open = data.isascii() and groups.count(b"{") != groups.count(b"}")  # in GBK a brace may be half a character
    if b"\\bin" not in data and (b"\0" in data or is_open):
        raise file.error("E_DAMAGED", "it begins as a Rich Text file, but a part within it is missing or overwritten")
    return sum(1 for _ in _RTF_CHARACTER.finditer(file.data))


def _characters_of_doc(file: File) -> int:
    """Return how many characters a Word file says its body holds ([MS-DOC] 2.5), 0 for files before Word 97."""
    try:
        with OleFileIO(BytesIO(file.data)) as container:
            if container.exists("EncryptedPackage"):
                raise file.error("E_ENCRYPTED", "it is locked with a password")
            if not container.exists("WordDocument"):
                raise file.error("E_FORMAT", "it is an Office file, but holds no text document")
            head = container.openstream("WordDocument").read(0x50)
    except (OSError, ValueError, IndexError) as error:
        raise file.error("E_DAMAGED", f"it begins as a Word file, but is cut off or damaged: {error}") from error
    if len(head) < 0x50:
        raise file.error("E_DAMAGED", "it begins as a Word file, but its text is missing")
    if head[0x0B] & 0x01:
        raise file.error("E_ENCRYPTED", "it is locked with a password")
    is_word_97 = int.from_bytes(head[2:4], "little") >= 0xC1
    return int.from_bytes(head[0x4C:0x50], "little") if is_word_97 else 0
