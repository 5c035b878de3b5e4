"""What Prefect reads from the environment when it is first imported.

Nothing here imports prefect: `prepare` must run before the first import of it.
"""

from __future__ import annotations

import os
from pathlib import Path

THREE_YEARS = "1100"  # days; the scheduler's own horizon of 100 would never show a yearly run


def prepare(root: Path, *, verbose: bool = False) -> None:
    """Keep Prefect's files below the project, send nothing out; what the user has set stands."""
    defaults = {
        "PREFECT_HOME": str(root / ".prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": f"P{THREE_YEARS}D",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO" if verbose else "CRITICAL",
        "DO_NOT_TRACK": "1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
