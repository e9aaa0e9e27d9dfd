"""Values that arrive as text: in a path, a query, a header or a form."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from service.platform.fields.several import Among
from service.platform.fields.values import Check, Integer, Number, wrong

# What fits into a number of 15 digits.
IS_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
IS_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class IntegerText(Integer):
    """A whole number in plain digits."""

    def read(self, value: object) -> Any:
        if not isinstance(value, str) or not IS_WHOLE.fullmatch(value):
            raise wrong("must be a whole number")
        return super().read(int(value))


@dataclass(frozen=True, kw_only=True)
class NumberText(Number):
    """A number as JSON writes it."""

    def read(self, value: object) -> Any:
        if not isinstance(value, str) or not IS_NUMBER.fullmatch(value):
            raise wrong("must be a number")
        return super().read(float(value))


class BooleanText(Check):
    """`true` or `false`."""

    def read(self, value: object) -> Any:
        if value not in ("true", "false"):
            raise wrong("must be true or false")
        return value == "true"

    def describe(self) -> JsonSchemaValue:
        return {"type": "boolean"}


class AmongText(Among):
    """One of some values, as JSON writes those that are no texts."""

    def read(self, value: object) -> Any:
        for one in self.values:
            if value == (str(one).lower() if isinstance(one, bool) else str(one)):
                return one
        raise wrong("must be one of the values that are described")


@dataclass(frozen=True, kw_only=True)
class Texts:
    """An annotation of a list: a parameter that may be given several times."""

    min: int = 0
    max: int = 1000

    def split(self, value: object) -> object:
        """The items."""
        return [value] if isinstance(value, str) else value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def read(value: object, inner: core_schema.ValidatorFunctionWrapHandler) -> Any:
            items = inner(self.split(value))
            if not self.min <= len(items) <= self.max:
                raise wrong(f"must have {self.min} to {self.max} items")
            return items

        return core_schema.no_info_wrap_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), **({"minItems": self.min} if self.min else {}), "maxItems": self.max}


@dataclass(frozen=True, kw_only=True)
class Csv(Texts):
    """An annotation of a list: a parameter with commas between its values."""

    def split(self, value: object) -> object:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or len(given) != 1:
            raise wrong("may be given once")
        return given[0].split(",") if given[0] else []

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**super().__get_pydantic_json_schema__(schema, handler), "explode": False}
