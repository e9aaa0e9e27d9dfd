"""Checks the environment, or says what it may hold."""

from service.platform.env_schema import example, schema
from service.platform.process import Exit, Process


def run(process: Process, args: list[str]) -> int:
    """See the module."""
    match args:
        case ["--schema"]:
            return process.print(schema())
        case ["--example"]:
            process.output.put(example().encode())
            return Exit.DONE
        case ["--check"]:
            process.load()
            return process.print({"status": "valid"})
    raise process.usage("config takes one of --check, --schema and --example")
