"""Serves requests."""

from service.platform.process import Process, Stop


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    if args:
        raise process.usage("web takes no arguments")
    with Stop(process) as stop:
        config = process.load()  # Whoever made a mistake need not wait for what follows.
        # It takes a while to import, and a signal may come meanwhile.
        from service.platform.server.serve import run_app

        return run_app(process, config, stop)
