"""The standard library's logging, as JSON lines on standard output."""

import json
import logging
import os
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

from service.platform.identity import VERSION
from service.platform.log.output import Output
from service.platform.log.redact import Redactor
from service.platform.request import current
from service.platform.service import NAME

TRACE, FATAL = 5, 60
_LEVELS = {"trace": TRACE, "debug": 10, "info": 20, "warn": 30, "error": 40, "fatal": FATAL}
# What every record has: all else was given as `extra`.
_OWN = {*vars(logging.makeLogRecord({})), "message", "asctime"}


class Lines(logging.Handler):
    """Writes each record as one line."""

    def __init__(self, output: Output, redactor: Redactor, is_pretty: bool) -> None:
        super().__init__()
        self._output, self._redactor, self._is_pretty = output, redactor, is_pretty

    def emit(self, record: logging.LogRecord) -> None:
        """Leaves the line with the output."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields: dict[str, object] = {"time": at, "level": _name_of(record.levelno)}
        fields |= {"service.name": NAME, "service.version": VERSION}
        request = current()
        if request is not None:
            fields |= {name: self._redactor.member(name, value) for name, value in request.fields.items()}
        given = {name: value for name, value in vars(record).items() if name not in _OWN}
        fields |= {name: self._redactor.member(name, value) for name, value in given.items()}
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            # Further lines repeat rows of the database, and values that did not match a schema.
            words = next(iter(_words_of(error).splitlines()), "")
            fields["err"] = self._redactor.text(f"{type(error).__name__}: {words}")
            fields["stack"] = self._redactor.text("".join(traceback.format_tb(error.__traceback__)))
        fields["msg"] = self._redactor.text(_message_of(record))
        text = _pretty(fields) if self._is_pretty else json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        self._output.put(text.encode(errors="backslashreplace") + b"\n")


def write_to(output: Output, redactor: Redactor, level: str = "info", form: str = "json") -> None:
    """Sends every line of the process to an output."""
    for number, name in ((TRACE, "TRACE"), (FATAL, "FATAL")):
        logging.addLevelName(number, name)
    root = logging.getLogger()
    root.handlers = [Lines(output, redactor, form == "pretty")]
    # What libraries have to say below a warning is for their authors.
    root.setLevel(max(_LEVELS[level], logging.WARNING))
    logging.getLogger("service").setLevel(_LEVELS[level])
    # Broken connections, and errors that the service logs itself.
    logging.getLogger("uvicorn").setLevel(FATAL)


def _words_of(error: BaseException) -> str:
    """Of a faulty source with its place, as an editor takes it. Python says the name of the file alone."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.msg} ({os.path.relpath(error.filename)}:{error.lineno})"
    return str(error)


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # Its arguments do not fit. Whoever logs must not fail.
        return str(record.msg)


def _name_of(level: int) -> str:
    if level >= logging.CRITICAL:
        return "fatal"
    return next((name for name, number in reversed(_LEVELS.items()) if number <= level), "trace")


def _pretty(fields: Mapping[str, object]) -> str:
    """A line as a person reads it at a terminal."""
    rest = {name: value for name, value in fields.items() if name not in _ALWAYS}
    more = "".join(
        f" {name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in sorted(rest.items())
    )
    return f"{str(fields['time'])[11:23]} {str(fields['level']).upper():<5} {fields['msg']}{more}"


_ALWAYS = {"time", "level", "msg", "service.name", "service.version"}
