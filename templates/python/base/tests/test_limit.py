from typing import Any

import pytest

from service.platform.limit import Limiter
from service.testing.fixtures import MakeService


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        (2, "1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (3, "1.1.1.1", "1.1.1.1"),
        (1, "", "9.9.9.9"),
    ],
)
def test_a_client_is_whom_the_last_trusted_proxy_saw(proxies: int, forwarded: str, client: str) -> None:
    scope: dict[str, Any] = {"client": ("9.9.9.9", 1), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert Limiter(1, proxies).client_of(scope) == client


def test_a_client_may_make_so_many_requests_in_a_minute(make_service: MakeService) -> None:
    service = make_service(RATE_LIMIT_PER_MINUTE="2")
    answers = [service.get("/nowhere", headers={"X-Forwarded-For": "a"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60
    assert service.get("/livez").status_code == 200
    assert [line["event.name"] for line in service.log() if line["level"] == "warn"] == ["proxy.untrusted"]
