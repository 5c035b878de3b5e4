"""One run of the annual flow in this process, with a server that lives as long as the run."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.server import running_server
from flows.settings import prepare

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

    from mingfu.pipeline import Summary

# Called with the name of the step that begins, and how many of how many steps are done.
Progress = Callable[[str, int, int], None]


def run_annual(
    root: Path, progress: Progress, *, wait: float = 0.0, sign: Path | None = None, verbose: bool = False
) -> Summary:
    """Run the flow on the project at `root`; the server is the user's, or one started for the run.

    Raises what the flow raises: PublicationStopped, SchemaError, StoreError.
    """
    prepare(root, verbose=verbose)
    with _api():
        from flows.annual import STEPS, annual

        for done, step in enumerate(STEPS):
            step.on_running_hooks = [_telling(progress, done, len(STEPS))]
        return annual(str(root), wait, str(sign) if sign else None)


def _telling(progress: Progress, done: int, steps: int) -> Callable[[Task[..., Any], TaskRun, State[Any]], None]:
    def tell(step: Task[..., Any], run: TaskRun, state: State[Any]) -> None:
        progress(step.name, done, steps)

    return tell


@contextmanager
def _api() -> Iterator[None]:
    """Set PREFECT_API_URL where the user has not, and see to it that the last log lines arrive."""
    if "PREFECT_API_URL" in os.environ:
        yield
        return
    with running_server() as url:
        os.environ["PREFECT_API_URL"] = url
        try:
            yield
        finally:
            del os.environ["PREFECT_API_URL"]
            for handler in logging.getLogger("prefect.flow_runs").handlers:
                handler.flush()
