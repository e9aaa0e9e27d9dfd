"""Serves requests."""

from service.platform.process import Process


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    if args:
        raise process.usage("web takes no arguments")
    from service.platform.server.serve import run_app

    return run_app(process)
