import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from service.platform.log.lines import write_to
from service.platform.log.output import Output
from service.platform.log.redact import Redactor
from service.platform.request import CurrentRequest, begin, end

URL = "postgres://user:p%40ssw0rd@db/orders"


def test_credentials_are_taken_out() -> None:
    redactor = Redactor(URL, "hunter2!", "hunter2!longer", "short")
    assert redactor.text(f"cannot reach {URL}") == "cannot reach ***"
    assert redactor.text("p@ssw0rd and hunter2!longer") == "*** and ***"
    assert redactor.text("amqp://a:b@c/d short") == "amqp://***@c/d short"
    assert redactor.value({"a": [{"Password": "x"}], "api_key": ["y"], "token_count": 3}) == {
        "a": [{"Password": "***"}],
        "api_key": "***",
        "token_count": 3,
    }


@pytest.mark.parametrize("text", ["a." * 200_000, "://" * 200_000, "token" * 200_000, '"' * 400_000])
def test_taking_them_out_takes_no_time(text: str) -> None:
    begun = time.perf_counter()
    Redactor().value({"a": text})
    assert time.perf_counter() - begun < 1


def written(level: str = "debug", form: str = "json") -> tuple[Output, list[bytes]]:
    lines: list[bytes] = []
    output = Output(lines.append)
    write_to(output, Redactor(URL), level, form)
    return output, lines


def test_a_line_has_what_the_request_has() -> None:
    output, lines = written()
    token = begin(CurrentRequest.of([(b"x-request-id", b"me"), (b"authorization", b"x")]))
    try:
        raise ValueError(f"{URL}\nFailing row contains (1, Bob)")
    except ValueError:
        logging.getLogger("service.a").exception("it %s", "failed", extra={"event.name": "a", "err.count": 2})
    finally:
        end(token)
    output.flush(1)
    line: dict[str, Any] = json.loads(b"".join(lines))
    assert line["request_id"] == "me"
    assert (line["level"], line["msg"], line["event.name"], line["err.count"]) == ("error", "it failed", "a", 2)
    assert line["err"] == "ValueError: ***"
    assert "test_log.py" in line["stack"]


def test_levels() -> None:
    output, lines = written("warn")
    logging.getLogger("service.a").info("no")
    logging.getLogger("service.a").warning("yes")
    logging.getLogger("library").info("no")
    output.flush(1)
    assert [json.loads(line)["msg"] for line in b"".join(lines).splitlines()] == ["yes"]


def test_arguments_that_do_not_fit_are_no_failure() -> None:
    output, lines = written()
    logging.getLogger("service.a").info("%d of them", "many")
    output.flush(1)
    assert json.loads(b"".join(lines))["msg"] == "%d of them"


def test_an_error_of_syntax_says_where_an_editor_finds_it() -> None:
    output, lines = written()
    file = Path(__file__).with_name("broken.py")
    try:
        compile("a = 1\nif\n", file, "exec")
    except SyntaxError:
        logging.getLogger("service.a").exception("it failed")
    output.flush(1)
    found = os.path.relpath(file)
    assert json.loads(b"".join(lines))["err"] == f"SyntaxError: invalid syntax ({found}:2)"


def test_a_line_for_a_person() -> None:
    output, lines = written(form="pretty")
    logging.getLogger("service.a").info("it works", extra={"event.name": "a", "count": 1})
    output.flush(1)
    assert b"".join(lines).decode()[12:] == " INFO  it works count=1 event.name=a\n"


def test_nobody_waits_for_who_reads_the_log() -> None:
    may_write, told = threading.Event(), list[int]()

    def write(_: bytes) -> None:
        may_write.wait(5)

    output = Output(write)
    output.tell = told.append
    for _ in range(200):
        output.put(b"x" * 10_000)
    assert output.dropped > 50
    may_write.set()
    output.flush(1)
    assert told == [output.dropped]


def test_a_signal_that_comes_while_a_line_is_left_has_its_line() -> None:
    lines: list[bytes] = []
    output = Output(lines.append)
    with output._lock:  # As where the handler of a signal runs in the middle of `put`.
        output.put(b"stopped\n")
        output.flush(1)
        assert lines == [b"stopped\n"]


def test_standard_output_may_be_one_that_does_not_wait() -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    write = "from service.platform.log.output import to_stdout; to_stdout(b'x' * 1_000_000)"
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", write], stdout=writes, env=path), os.fdopen(reads, "rb") as reader:
        os.close(writes)
        assert len(reader.read()) == 1_000_000
