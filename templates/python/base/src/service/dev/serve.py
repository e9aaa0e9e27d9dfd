"""Brings the schema up to date where there is one, and serves."""

import os
import subprocess
import sys
from importlib.util import find_spec


def main() -> None:
    """Becomes the service."""
    # Ctrl-C at a terminal reaches a whole group: only who watches the files should hear it, and tells this process.
    os.setpgrp()
    program = [sys.executable, "-m", "service"]
    if find_spec("service.platform.verbs.migrate"):
        migrated = subprocess.run([*program, "migrate"], check=False)
        if migrated.returncode:
            sys.exit(migrated.returncode)
    os.execv(program[0], [*program, "web"])  # noqa: S606


if __name__ == "__main__":
    main()
