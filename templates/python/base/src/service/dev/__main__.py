"""Serves what is in this folder, again whenever a file changes: what `make dev` runs."""

import contextlib
import os
import sys
from pathlib import Path

from watchfiles import run_process

from service.platform.env_schema import examples
from service.platform.modules import modules_of

_WATCHED = ("src", "migrations")


def main() -> None:
    """Runs until Ctrl-C."""
    read_env(Path(".env"))
    set_default("LOG_FORMAT", "pretty")
    with contextlib.ExitStack() as stack:
        for module in modules_of("service.dev.backing"):
            for name, value in stack.enter_context(module.variables()).items():
                set_default(name, value)
        for name, example in examples().items():
            if not os.environ.get(f"{name}_FILE"):
                set_default(name, example)
        watched = [folder for folder in _WATCHED if Path(folder).is_dir()]
        serve = f"{sys.executable} -m service.dev.serve"
        run_process(*watched, target=serve, target_type="command", sigint_timeout=10)


def read_env(file: Path) -> None:
    """Takes what the file has and the environment has not."""
    if not file.exists():
        return
    for line in file.read_text("utf-8").splitlines():
        name, is_set, value = line.strip().partition("=")
        if is_set and not name.startswith("#"):
            set_default(name.strip(), value.strip().strip("\"'"))


def set_default(name: str, value: str) -> None:
    """Sets a variable that has no value."""
    os.environ[name] = os.environ.get(name) or value


if __name__ == "__main__":
    main()
