"""Finds modules by their folder: who adds one edits no list."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def modules_of(package: str) -> Iterator[ModuleType]:
    """Every module below a package, packages of it too, in the order of their names; none if there is no such package."""
    try:
        root = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        yield importlib.import_module(found.name)


def names_of(package: str) -> list[str]:
    """What a person types for each module of a package: `invoice-mailer` for `invoice_mailer`. Nothing is imported but the package."""
    return sorted(
        found.name.replace("_", "-") for found in pkgutil.iter_modules(importlib.import_module(package).__path__)
    )
