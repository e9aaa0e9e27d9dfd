from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from service.config.http import Http
from service.config.shutdown import Shutdown
from service.platform.env import Concern, Config, Invalid, SecretUrl, Url, Whole, read, url_of
from service.platform.env_schema import example
from service.platform.log.redact import Redactor
from service.testing.service import environment


class Sample(Concern):
    sample_count: Whole = Field(default=2, ge=1, le=9)
    sample_kind: Literal["a", "b"] = "a"
    sample_url: Annotated[SecretUrl, url_of("redis", "rediss")]
    sample_web: Annotated[Url, url_of("http", "https")] = "http://a"


class Worded(Concern):
    sample_words: str


URL = {"SAMPLE_URL": "redis://u:hunter2@a"}


def reasons(environment: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        read(Sample, environment)
    assert "hunter2" not in str(raised.value.errors)
    return {error["name"]: error["reason"] for error in raised.value.errors}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert reasons({"SAMPLE_COUNT": "x", "SAMPLE_KIND": "c"}) == {
        "SAMPLE_COUNT": "must be a whole number",
        "SAMPLE_KIND": "must be 'a' or 'b'",
        "SAMPLE_URL": "is required",
    }


@pytest.mark.parametrize("text", ["1e0", "0x1", "01", " 1", "+1", "1.0", "-1", "１"])
def test_a_number_has_plain_digits(text: str) -> None:
    assert reasons({**URL, "SAMPLE_COUNT": text}) == {"SAMPLE_COUNT": "must be a whole number"}


@pytest.mark.parametrize(("text", "reason"), [("0", "must be at least 1"), ("10", "must be at most 9")])
def test_a_number_has_bounds(text: str, reason: str) -> None:
    assert reasons({**URL, "SAMPLE_COUNT": text}) == {"SAMPLE_COUNT": reason}


def test_an_address_has_a_scheme_and_a_port() -> None:
    assert reasons({"SAMPLE_URL": "http://u:hunter2@a"})["SAMPLE_URL"].startswith(
        "must be a URL that starts with redis://"
    )
    assert reasons({"SAMPLE_URL": "redis://u:hunter2@a:70000"})["SAMPLE_URL"].startswith("cannot be read as a URL")


@pytest.mark.parametrize("url", ["http://", "http:///a", "https://:80", "http://u:hunter2@/a", "http://a b"])
def test_an_address_of_the_web_has_a_host(url: str) -> None:
    assert reasons({**URL, "SAMPLE_WEB": url}) == {"SAMPLE_WEB": "must have a host after the ://"}


@pytest.mark.parametrize("url", ["http://a", "https://u:p@a_b.c:1/d", "http://[::1]:80", "http://127.0.0.1?a"])
def test_an_address_of_the_web_is_taken(url: str) -> None:
    assert read(Sample, {**URL, "SAMPLE_WEB": url}).sample_web == url


def test_an_empty_variable_is_not_set() -> None:
    assert read(Sample, {**URL, "SAMPLE_COUNT": ""}).sample_count == 2


def test_a_file_holds_a_value(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("redis://a\n")
    assert read(Sample, {"SAMPLE_URL_FILE": str(file)}).sample_url.get_secret_value() == "redis://a"
    assert reasons({**URL, "SAMPLE_URL_FILE": str(file)}) == {"SAMPLE_URL": "is set twice, also as SAMPLE_URL_FILE"}
    assert reasons({"SAMPLE_URL_FILE": "/hunter2"}) == {"SAMPLE_URL": "SAMPLE_URL_FILE cannot be read (ENOENT)"}


@pytest.mark.parametrize(("content", "value"), [("a b \n", "a b "), ("a\r\n", "a"), ("a\n\n", "a\n")])
def test_a_file_loses_its_last_newline_and_nothing_else(tmp_path: Path, content: str, value: str) -> None:
    file = tmp_path / "value"
    file.write_bytes(content.encode())
    assert read(Worded, {"SAMPLE_WORDS_FILE": str(file)}).sample_words == value


def test_what_is_read_again_is_not_said_either(tmp_path: Path) -> None:
    file = tmp_path / "url"
    with environment({"SAMPLE_URL_FILE": str(file)}) as values:
        redactor = Redactor()
        config = Config(values, redactor)
        for password in ("hunter-1", "hunter-2"):
            file.write_text(f"redis://u:{password}@a")
            config.again(Sample)
    assert redactor.text("hunter-1, hunter-2") == "***, ***"


def test_a_stop_has_time_left_after_its_delay() -> None:
    with pytest.raises(Invalid) as raised:
        read(Shutdown, {"SHUTDOWN_DELAY_MS": "8000"})
    assert raised.value.errors == [{"name": "SHUTDOWN_DELAY_MS", "reason": "must be less than SHUTDOWN_TIMEOUT_MS"}]


def test_a_concern_does_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(read(Http, {}), "port", 1)  # noqa: B010


def test_env_example_has_every_variable() -> None:
    shown = Path(__file__).parents[1] / ".env.example"
    assert shown.read_text() == example(), "run make docs"
