"""The worker: a process of its own that reads files one after the other, with limits on what each may cost.

It is told a file a line on standard input, as JSON, and answers each with one line on standard output:
what it read, or the error.  A line {"more_time": seconds} before the answer asks for time.  What no
limit within the process can stop, the process that started it does (pool.py).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from mingfu.errors import InputError
from mingfu.ingest.formats import read_file
from mingfu.ingest.reading import MOST_BYTES, File

MOST_MEMORY = 1_500_000_000  # bytes of address space
CPU_SECONDS = 20
MOST_WRITTEN = 500_000_000  # bytes of a file that a reader writes on the side

Answer = dict[str, Any]


def main(folder: str) -> None:
    """Answer what standard input asks, until it ends; then clear the folder away, as who made it may be killed."""
    try:
        _answer_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answer_all() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # libraries that print must not talk into the answers
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))

    def more_time(seconds: int) -> None:
        _limit_cpu(seconds)
        print(json.dumps({"more_time": seconds}), file=answers)

    own = _address_space()
    for line in sys.stdin:
        asked = json.loads(line)
        _limit_cpu(CPU_SECONDS)
        _limit_memory(MOST_MEMORY - own)
        file = (asked["path"], asked["name"], more_time, _limit_memory)
        print(json.dumps(answer_for(*file), default=str), file=answers)


def answer_for(path: str, name: str, more_time: Callable[[int], None], more_memory: Callable[[int], None]) -> Answer:
    """Return what the file holds as plain lists and mappings, or the code and reason of the error."""
    try:
        data = _bytes_of(path, name)
        known, reading = read_file(File(data, name, more_time, more_memory))
    except InputError as error:
        return {"error": [error.code, error.reason]}
    except FileNotFoundError:
        return {"error": ["E_MISSING", "no such file"]}
    except IsADirectoryError:
        return {"error": ["E_FOLDER", "this is a folder, not a report"]}
    except OSError as error:
        return {"error": ["E_ACCESS", error.strerror or str(error)]}
    except MemoryError:
        return {"error": ["E_TOO_LARGE", "reading it takes more memory than a report can need"]}
    except RecursionError:
        return {"error": ["E_TOO_LARGE", "it is nested more deeply than a report can be"]}
    except Exception as error:  # whatever a library raises on a damaged file, the file is to blame
        return {"error": ["E_DAMAGED", f"its reader broke off: {type(error).__name__}: {error}"[:300]]}
    return {
        "format": known.name,
        "sha256": sha256(data).hexdigest(),
        "bytes": len(data),
        "reading": asdict(reading),
    }


def _bytes_of(path: str, name: str) -> bytes:
    """Return the bytes of a file, one more than a report can have at most; pipes and devices may never end."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise InputError(name, "E_FORMAT", "this is a pipe or a device, not a file")
        return file.read(MOST_BYTES + 1)


def _limit_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _limit_memory(more: int) -> None:
    """Limit the address space to what is taken, models that readers keep included, and so many bytes more."""
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + more, resource.RLIM_INFINITY))


def _address_space() -> int:
    """Return how many bytes are taken, where the system tells."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() if statm.exists() else 0


if __name__ == "__main__":
    main(sys.argv[1])
