"""Fixtures that every test may ask for."""

import contextlib
from collections.abc import Callable, Iterator

import pytest
from fastapi import APIRouter

from service.testing.service import Service, running

MakeService = Callable[..., Service]


@pytest.fixture
def make_service() -> Iterator[MakeService]:
    """Makes a service with variables, or routes, of its own: `make_service(RATE_LIMIT_PER_MINUTE="1")`."""
    with contextlib.ExitStack() as stack:

        def make(*routers: APIRouter, **variables: str) -> Service:
            return stack.enter_context(running(variables, routers or None))

        yield make


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """The service as it is configured by default."""
    return make_service()
