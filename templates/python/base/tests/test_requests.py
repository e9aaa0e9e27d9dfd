from typing import Annotated

import pytest
from fastapi import Depends, Query, Response

from service.platform.fields import Input
from service.platform.paths import path_of
from service.platform.request import add_field, pass_on
from service.platform.routes import Router
from service.testing import Service
from service.testing.fixtures import MakeService

router = Router(prefix="/test")
TRACE = "a" * 32


class Said(Input):
    text: str


@router.get("/field")
async def field() -> dict[str, str]:
    add_field("feature_flag.x", "on")
    return pass_on()


@router.post("/links", status_code=201)
async def link() -> None:
    pass


@router.get("/links/{name}", status_code=302, summary="Go there")
async def follow(name: str) -> Response:
    return Response(status_code=302, headers={"Location": f"/{name}", "Referrer-Policy": "origin"})


async def page(limit: Annotated[str, Query()] = "") -> str:
    return limit


@router.get("/page")
async def read_page(limit: Annotated[str, Depends(page)]) -> str:
    return limit


@router.post("/said")
async def say(said: Said) -> str:
    return said.text


@router.get("/things/{name}")
async def thing(name: str) -> str:
    return name


@router.get("/things/known")
async def known_thing() -> str:
    return "one that is known"


@router.put("/things/known", status_code=204)
async def change() -> None:
    pass


@pytest.fixture
def tested(make_service: MakeService) -> Service:
    return make_service(router, BODY_LIMIT_BYTES="50")


def test_the_line_of_a_request(tested: Service) -> None:
    parent = f"00-{TRACE}-{'b' * 16}-01"
    answer = tested.get("/test/field", headers={"X-Request-Id": "me", "Traceparent": parent})
    assert answer.json() == {"X-Request-Id": "me", "traceparent": parent}
    line = tested.log()[-1]
    assert (line["level"], line["msg"], line["event.name"]) == ("info", "request", "http.request")
    assert (line["http.route"], line["http.response.status_code"]) == ("/test/field", 200)
    assert (line["request_id"], line["trace_id"], line["feature_flag.x"]) == ("me", TRACE, "on")


def test_a_body_has_a_limit(tested: Service) -> None:
    assert tested.post("/test/said", json={"text": "hello"}).json() == "hello"
    assert tested.post("/test/said", json={"text": "x" * 50}).status_code == 413

    in_pieces = tested.post("/test/said", content=[b"x" * 60], headers={"content-type": "application/json"})
    assert in_pieces.status_code == 413


def test_who_is_not_asked_for_a_body_is_told_to_go(tested: Service) -> None:
    waits = {"Expect": "100-Continue", "Content-Type": "application/json"}
    assert tested.post("/nowhere", content=b"{}", headers=waits).headers["connection"] == "close"
    assert tested.post("/test/said", content=b'{"text":""}', headers=waits).headers["connection"] == "keep-alive"


def test_a_fixed_path_wins_and_the_methods_of_all_are_allowed(tested: Service) -> None:
    assert tested.get("/test/things/known").json() == "one that is known"
    assert tested.get("/test/things/other").json() == "other"
    assert tested.get("/test/things/a%2Fb%25").json() == "a/b%"
    refused = tested.delete("/test/things/known")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, PUT")


@pytest.mark.parametrize(
    ("raw", "path"), [(b"HTTP://a:80/b", "/b"), (b"http://a", "/"), (b"/http://a", "/http://a"), (b"*", "*")]
)
def test_a_path_may_have_its_origin_in_front(raw: bytes, path: str) -> None:
    assert path_of(raw) == path


def test_what_has_no_body_has_no_type(tested: Service) -> None:
    answer = tested.put("/test/things/known")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not {"content-type", "content-length"} & set(answer.headers)


def test_a_route_has_headers_of_its_own(tested: Service) -> None:
    answer = tested.get("/test/links/a", follow_redirects=False)
    assert (answer.status_code, answer.headers.get_list("referrer-policy")) == (302, ["origin"])
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_what_is_read_at_another_place_is_described(tested: Service) -> None:
    created = tested.get("/openapi.json").json()["paths"]["/test/links"]["post"]["responses"]["201"]
    assert sorted(created["headers"]) == ["Location", "X-Request-Id"]


def test_a_parameter_that_is_given_twice_is_refused(tested: Service) -> None:
    assert tested.get("/test/page?limit=1").json() == "1"
    assert tested.get("/test/page?limit=1&limit=2").json()["errors"] == [
        {"in": "querystring", "path": "/limit", "message": "is given twice"}
    ]


def test_head_is_answered_where_get_is(tested: Service) -> None:
    assert tested.head("/test/things/known").status_code == 200


def test_a_credential_in_a_field_is_written_in_no_line(make_service: MakeService) -> None:
    secretive = Router()

    @secretive.get("/secret")
    async def secret() -> None:
        add_field("authorization", "hunter2")

    service = make_service(secretive)
    service.get("/secret")
    assert service.log()[-1]["authorization"] == "***"


def test_operations(service: Service) -> None:
    assert service.get("/livez").json() == {"status": "live"}
    assert service.get("/readyz").json()["status"] == "ready"
    assert service.get("/version").json()["name"] == service.get("/openapi.json").json()["info"]["title"]
    service.get("/nowhere")
    metrics = service.get("/metrics").text
    labels = 'http_request_method="GET",http_response_status_code="404",http_route="unmatched",le="5"'
    assert labels in metrics
    assert "log_lines_dropped_total 0" in metrics
    service.service.readiness.is_draining = True
    answer = service.get("/readyz")
    assert (answer.status_code, answer.headers["connection"]) == (503, "close")
