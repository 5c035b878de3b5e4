"""What Prefect reads from the environment when it is first imported.

Nothing here imports prefect: `prepare` must run before the first import of it.
"""

from __future__ import annotations

import os
from pathlib import Path

THREE_YEARS = "1100"  # days; the scheduler's own horizon of 100 would never show a yearly run

SILENCE = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}  # Prefect reports on its use otherwise


def prepare(root: Path, *, verbose: bool = False) -> None:
    """Keep Prefect's files below the project, send nothing out; what the user has set stands."""
    defaults = {
        **SILENCE,
        "PREFECT_HOME": str(root / ".prefect"),
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": f"P{THREE_YEARS}D",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO" if verbose else "CRITICAL",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
