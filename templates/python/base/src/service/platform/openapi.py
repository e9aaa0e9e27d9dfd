"""The description of the service: what FastAPI knows, and what follows from it."""

from typing import Any

from fastapi import FastAPI


def describe(web: FastAPI) -> None:
    """Nothing is added yet."""
    del web
