"""Values of JSON: numbers and texts within bounds."""

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema


def wrong(reason: str) -> PydanticCustomError:
    """What is wrong with a value, for the client."""
    return PydanticCustomError("wrong", "{reason}", {"reason": reason})


class Check:
    """An annotation that reads a value, or raises `wrong`."""

    def read(self, value: object) -> Any:
        """The value as Python has it."""
        raise NotImplementedError

    def describe(self) -> JsonSchemaValue:
        """The JSON Schema."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.describe()


@dataclass(frozen=True, kw_only=True)
class Number(Check):
    """A number of JSON within bounds."""

    ge: float | None = None
    le: float | None = None
    gt: float | None = None
    lt: float | None = None

    type: ClassVar[str] = "number"

    def read(self, value: object) -> Any:
        return self.within(number_of(value))

    def within(self, number: float) -> float:
        """The number, if it is within the bounds."""
        if self.ge is not None and number < self.ge:
            raise wrong(f"must be at least {self.ge}")
        if self.le is not None and number > self.le:
            raise wrong(f"must be at most {self.le}")
        if self.gt is not None and number <= self.gt:
            raise wrong(f"must be more than {self.gt}")
        if self.lt is not None and number >= self.lt:
            raise wrong(f"must be less than {self.lt}")
        return number

    def describe(self) -> JsonSchemaValue:
        bounds = {"minimum": self.ge, "maximum": self.le, "exclusiveMinimum": self.gt, "exclusiveMaximum": self.lt}
        return {"type": self.type, **{name: bound for name, bound in bounds.items() if bound is not None}}


def number_of(value: object) -> float:
    """A number of JSON: true is none, and what no float can hold is none either."""
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise wrong("must be a number")
    return number


@dataclass(frozen=True, kw_only=True)
class Integer(Number):
    """A whole number that JSON hands over without loss; `12.0` is one."""

    type: ClassVar[str] = "integer"

    def read(self, value: object) -> Any:
        number = number_of(value)
        if not number.is_integer() or abs(number) > 2**53 - 1:
            raise wrong("must be a whole number")
        return int(self.within(number))


@dataclass(frozen=True, kw_only=True)
class Decimal(Number):
    """An amount with up to four decimals, as text, so that no digit is lost on the way: `"12.50"`."""

    type: ClassVar[str] = "string"

    def read(self, value: object) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", value):
            raise wrong('must be a decimal like "12.50"')
        self.within(float(value))
        return value

    def describe(self) -> JsonSchemaValue:
        least = self.ge if self.gt is None else self.gt
        sign = "-?" if least is None or least < 0 else ""
        return {"type": "string", "format": "decimal", "pattern": rf"^{sign}\d{{1,15}}(\.\d{{1,4}})?$"}


@dataclass(frozen=True, kw_only=True)
class Text(Check):
    """A text. Characters beyond the first 65,536 count twice, as in the other languages."""

    min: int = 0
    max: int | None = None

    def read(self, value: object) -> Any:
        if not isinstance(value, str):
            raise wrong("must be a text")
        length = len(value.encode("utf-16-le", "surrogatepass")) // 2
        if length < self.min:
            raise wrong(f"must have at least {self.min} characters")
        if self.max is not None and length > self.max:
            raise wrong(f"must have at most {self.max} characters")
        return value

    def describe(self) -> JsonSchemaValue:
        lengths = {"minLength": self.min or None, "maxLength": self.max}
        return {"type": "string", **{name: length for name, length in lengths.items() if length is not None}}


CONTROL = r"\x00-\x1f\x7f-\x9f"
LINE = rf"(?:[^\s{CONTROL}](?:[^{CONTROL}]*[^\s{CONTROL}])?)?"
# In a pattern of JSON Schema \s is U+FEFF too.
IS_LINE = re.compile(LINE.replace(r"\s", r"\s\ufeff"))


@dataclass(frozen=True, kw_only=True)
class Line(Text):
    """A line of text. PostgreSQL stores no NUL, and with a space at its end a text only looks the same."""

    min: int = 1
    max: int | None = 200

    def read(self, value: object) -> Any:
        text = super().read(value)
        if not IS_LINE.fullmatch(text):
            raise wrong("must not contain control characters, nor begin or end with a space")
        return text

    def describe(self) -> JsonSchemaValue:
        return {**super().describe(), "pattern": f"^{LINE}$"}
