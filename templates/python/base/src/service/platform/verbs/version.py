"""Prints what /version answers."""

from service.platform.identity import identity
from service.platform.process import Process


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    if args:
        raise process.usage("version takes no arguments")
    return process.print(identity())
