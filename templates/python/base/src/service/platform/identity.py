"""Who this process is: what /version and the verb version answer."""

import functools
import platform
import subprocess
from pathlib import Path

from service.platform.service import DESCRIPTION, NAME

_ROOT = Path(__file__).parents[1]

VERSION = (_ROOT / "VERSION").read_text().strip()


@functools.cache
def identity() -> dict[str, str]:
    """A JSON document. Its revision is the commit."""
    return {
        "name": NAME,
        "description": DESCRIPTION,
        "version": VERSION,
        "revision": _revision(),
        "python": platform.python_version(),
    }


def _revision() -> str:
    """What the build of the image wrote into the file REVISION, else what git says of the folder."""
    written = _ROOT / "REVISION"
    if written.exists():
        return written.read_text().strip()
    try:
        asked = ["git", "-C", str(_ROOT), "rev-parse", "HEAD"]
        found = subprocess.run(asked, capture_output=True, check=True, text=True, timeout=2)
        return found.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
