import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import BackgroundTasks, Response
from starlette.responses import StreamingResponse
from starlette.types import Message

from service.platform.fields import Input
from service.platform.problem import Problem
from service.platform.routes import Router
from service.testing import Service
from service.testing.fixtures import MakeService

router = Router(prefix="/test")
PASSWORD = "hunter2"


class Said(Input):
    text: str


@router.get("/crash")
async def crash() -> None:
    raise RuntimeError("password=hunter2")


@router.get("/teapot")
async def teapot() -> None:
    raise Problem(418, "No coffee.", {"X-Tea": "green"})


@router.get("/late")
async def late() -> None:
    await asyncio.sleep(30)


@router.get("/left")
async def left(tasks: BackgroundTasks) -> str:
    tasks.add_task(asyncio.sleep, 30)
    return "done"


@router.get("/impatient")
async def impatient() -> None:
    async with asyncio.timeout(0):
        await asyncio.sleep(1)


@router.get("/half")
async def half() -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("nobody foresaw it")

    return StreamingResponse(pieces())


@router.get("/unfit")
async def unfit() -> Said:
    return Said.model_validate({"text": [PASSWORD]})


@router.get("/unfit-answer", response_model=Said)
async def unfit_answer() -> dict[str, object]:
    return {"text": [PASSWORD]}


@pytest.fixture
def tested(make_service: MakeService) -> Service:
    return make_service(router)


@pytest.fixture
def hurried(make_service: MakeService) -> Service:
    return make_service(router, HANDLER_TIMEOUT_MS="1000")


def test_what_nobody_foresaw_is_logged_and_told_to_nobody(tested: Service) -> None:
    answer = tested.get("/test/crash", headers={"X-Request-Id": "me"})
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "request_id": "me",
    }
    failed = next(line for line in tested.log() if line["msg"] == "request failed")
    assert (failed["level"], failed["request_id"]) == ("error", "me")
    assert "test_failures.py" in failed["stack"]


@pytest.mark.parametrize(("path", "place"), [("/test/unfit", "text"), ("/test/unfit-answer", "response/text")])
def test_an_answer_that_does_not_match_is_logged_without_its_values(tested: Service, path: str, place: str) -> None:
    assert tested.get(path).status_code == 500
    failed = tested.log()[0]
    assert failed["errors"] == [{"path": place, "message": "Input should be a valid string"}]
    assert PASSWORD not in str(tested.log())


def test_a_problem_is_answered(tested: Service) -> None:
    answer = tested.get("/test/teapot")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["title"], answer.headers["x-tea"]) == (418, "I'm a Teapot", "green")


def test_a_handler_has_its_time(hurried: Service) -> None:
    answer = hurried.get("/test/late")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_what_is_left_to_do_after_an_answer_is_not_dropped_unsaid(hurried: Service) -> None:
    assert hurried.get("/test/left").json() == "done"
    assert [line.get("event.name") for line in hurried.log()] == ["http.late", "http.request"]


def test_an_answer_whose_end_nobody_takes_is_cut_off(hurried: Service) -> None:
    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(30)

    scope = {"type": "http", "method": "GET", "path": "/test/teapot", "raw_path": b"/test/teapot", "query_string": b""}

    async def ask() -> None:
        await hurried.service.asgi({**scope, "headers": [], "client": ("127.0.0.1", 1)}, receive, send)

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    assert [line.get("event.name") for line in hurried.log()] == ["http.aborted", "http.request"]


def test_a_timeout_of_its_own_is_a_failure(tested: Service) -> None:
    assert tested.get("/test/impatient").status_code == 500
    assert [line["msg"] for line in tested.log()] == ["request failed", "request"]


def test_an_answer_that_is_cut_off_is_not_whole(tested: Service) -> None:
    tested.get("/test/half")
    assert "http.aborted" in [line.get("event.name") for line in tested.log()]
