"""`make schedule`: a local Prefect server with the yearly deployment and a worker that runs it.

The worker runs in this process and the server ends with it, so that Ctrl-C stops everything.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from flows.server import running_server
from flows.settings import prepare

PORT = 4200
POOL = "mingfu"


def deploy(root: Path) -> None:
    """Deploy what prefect.yaml declares to the server that PREFECT_API_URL names."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.workers.process import ProcessWorker

    pool = WorkPoolCreate(name=POOL, type="process", base_job_template=ProcessWorker.get_default_base_job_template())
    with get_client(sync_client=True) as client:
        client.create_work_pool(pool, overwrite=True)
    subprocess.run([sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"], cwd=root, check=True)


def work() -> None:
    """Run what the server schedules, until interrupted."""
    import asyncio

    from prefect.workers.process import ProcessWorker

    asyncio.run(ProcessWorker(work_pool_name=POOL).start())


def main(port: int = PORT) -> None:
    """Serve the schedule until Ctrl-C or SIGTERM; port 0 takes a free one."""
    root = Path.cwd()
    prepare(root, verbose=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running_server(port, services=True) as url:
            os.environ["PREFECT_API_URL"] = url
            deploy(root)
            print(f"The yearly run is scheduled: see {url.removesuffix('/api')}; Ctrl-C stops it.", flush=True)
            work()
    except KeyboardInterrupt:
        print("Stopped.")
    except OSError as error:
        sys.exit(f"port {port} cannot be used ({error}); name another: python -m flows.schedule PORT")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
