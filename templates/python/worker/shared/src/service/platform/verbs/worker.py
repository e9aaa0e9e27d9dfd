"""Works until told to stop, and answers probes meanwhile.

Liveness asks nobody, here too. Where the event loop is blocked nothing answers; a unit of work that hangs ends the process instead,
which frees its work at once and works under a supervisor that does not act on health.
"""

from service.platform.modules import names_of
from service.platform.process import Process, Stop


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    known = names_of("service.workers")
    if len(args) != 1 or args[0] not in known:
        raise process.usage(f"worker takes one name, expected one of: {', '.join(known)}")
    with Stop(process) as stop:
        config = process.load()  # Whoever made a mistake need not wait for what follows.
        from service.platform.worker import run_worker  # It takes a while to import, and a signal may come meanwhile.

        return run_worker(process, config, stop, args[0])
