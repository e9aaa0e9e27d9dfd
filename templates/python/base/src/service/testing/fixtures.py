"""Fixtures that every test may ask for."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from service.testing.service import Service, running

MakeService = Callable[..., Service]


@pytest.fixture
def make_service() -> Iterator[MakeService]:
    """Makes a service with variables of its own: `make_service(RATE_LIMIT_PER_MINUTE="1")`."""
    with contextlib.ExitStack() as stack:
        yield lambda **variables: stack.enter_context(running(variables))


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """The service as it is configured by default."""
    return make_service()
