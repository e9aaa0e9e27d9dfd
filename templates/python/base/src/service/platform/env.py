"""Reads the environment once, says everything that is wrong with it at once, and never repeats a value."""

import errno
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from service.platform.log.redact import Redactor
from service.platform.modules import modules_of

MOST = 2**31 - 1

Environment = Mapping[str, str]


class Concern(BaseModel):
    """Variables that belong together. The field `body_limit_bytes` is the variable BODY_LIMIT_BYTES."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


def _plain_digits(value: object) -> object:
    """Neither "1e3" nor "0x10", "010" or " 1"."""
    if isinstance(value, str) and not re.fullmatch(r"0|[1-9][0-9]{0,15}", value):
        raise ValueError("must be a whole number")
    return value


Whole = Annotated[int, BeforeValidator(_plain_digits)]

Secret = Annotated[SecretStr, WithJsonSchema({"type": "string", "secret": True, "writeOnly": True})]
"""A text that no log shows."""

SecretUrl = Annotated[SecretStr, WithJsonSchema({"type": "string", "format": "uri", "secret": True, "writeOnly": True})]
"""An address with credentials. Say of which scheme: `Annotated[SecretUrl, url_of("redis", "rediss")]`."""

_HOST = re.compile(r"[\w.:~*-]+")

Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]


def url_of(*schemes: str) -> BeforeValidator:
    """Takes addresses of these schemes."""

    def check(value: object) -> object:
        text = str(value)
        scheme, separator, _ = text.partition("://")
        if not separator or scheme not in schemes:
            raise ValueError(f"must be a URL that starts with {':// or '.join(schemes)}://")
        try:
            host, _ = urlsplit(text).hostname, urlsplit(text).port
        except ValueError:
            raise ValueError(
                "cannot be read as a URL: a port is at most 65535, and / ? # % in a password are %2F %3F %23 %25"
            ) from None
        # Those of backing services may be without one: a socket in the file system, or the default of the driver.
        if scheme in ("http", "https") and not _HOST.fullmatch(host or ""):
            raise ValueError("must have a host after the ://")
        return value

    return BeforeValidator(check)


def bad(name: str, reason: str) -> PydanticCustomError:
    """What a validator of a whole concern raises: the variable that is bad, and why."""
    return PydanticCustomError("bad", "{reason}", {"name": name, "reason": reason})


class Invalid(Exception):
    """Every variable that is bad, with the reason. There is no value in it: it may be a secret."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("the configuration is invalid")
        self.errors = errors


class Config:
    """A valid environment: `config[Http].port`."""

    def __init__(self, environment: Environment, redactor: Redactor) -> None:
        """Reads every concern.

        :param redactor: is told every secret
        :raises Invalid: if a variable is bad
        """
        self._environment, self.redactor = environment, redactor
        self._values: dict[type[Concern], Concern] = {}
        errors: list[dict[str, str]] = []
        for concern in concerns():
            try:
                self._values[concern] = self.again(concern)
            except Invalid as invalid:
                errors += invalid.errors
        if errors:
            raise Invalid(errors)

    def __getitem__[C: Concern](self, concern: type[C]) -> C:
        """What was read at the start."""
        return cast(C, self._values[concern])

    def again[C: Concern](self, concern: type[C]) -> C:
        """Reads a concern anew: the file that NAME_FILE names may have another content by now."""
        value = read(concern, self._environment)
        for _, one in value:
            if isinstance(one, SecretStr):
                self.redactor.hide(one.get_secret_value())
        return value


def concerns() -> Iterator[type[Concern]]:
    """Those of every module in `service.config`, in the order that .env.example has in every language."""
    for module in sorted(modules_of("service.config"), key=lambda one: one.__name__.replace("_", "-")):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Concern) and value.__module__ == module.__name__:
                yield value


def read[C: Concern](concern: type[C], environment: Environment) -> C:
    """Reads each variable from NAME, or from the file that NAME_FILE names. One that is empty counts as not set, since that is
    what Compose makes of a missing one.

    :raises Invalid: if a variable is bad
    """
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    for field in concern.model_fields:
        try:
            text = _text_of(field.upper(), environment)
        except ValueError as error:
            errors[field.upper()] = str(error)
            continue
        if text:
            texts[field] = text
    try:
        value = concern.model_validate(texts)
    except ValidationError as invalid:
        for one in invalid.errors(include_input=False, include_url=False):
            name = str(one["loc"][0]).upper() if one["loc"] else one["ctx"]["name"]
            errors.setdefault(name, _reason(one))
    if errors:
        raise Invalid([{"name": name, "reason": reason} for name, reason in errors.items()])
    return value


def _text_of(name: str, environment: Environment) -> str:
    text, file = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if not file:
        return text
    if text:
        raise ValueError(f"is set twice, also as {name}_FILE")
    try:
        return Path(file).read_text("utf-8").removesuffix("\n")
    except OSError as error:  # Without the path: it may be a value that was given by mistake.
        raise ValueError(f"{name}_FILE cannot be read ({errno.errorcode.get(error.errno or 0, 'unknown')})") from None
    except ValueError:
        raise ValueError(f"{name}_FILE cannot be read (it is no text)") from None


_REASONS: dict[str, Callable[[Any], str]] = {
    "missing": lambda _: "is required",
    "greater_than_equal": lambda about: f"must be at least {about['ge']}",
    "less_than_equal": lambda about: f"must be at most {about['le']}",
    "literal_error": lambda about: f"must be {about['expected']}",
    "value_error": lambda about: str(about["error"]),
}


def _reason(error: ErrorDetails) -> str:
    known = _REASONS.get(error["type"])
    return known(error.get("ctx")) if known else error["msg"]
