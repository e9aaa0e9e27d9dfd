"""Types of more than one: values that are listed, that may be absent, or are of one of several types."""

from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, Strict, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from service.platform.fields.values import Check, wrong

T = TypeVar("T")

Boolean = Annotated[bool, Strict()]


class Among(Check):
    """One of some values, which need not be texts."""

    def __init__(self, *values: str | float) -> None:
        self.values = values

    def read(self, value: object) -> Any:
        for one in self.values:
            if one == value and isinstance(one, bool) == isinstance(value, bool):
                return one
        raise wrong("must be one of the values that are described")

    def describe(self) -> JsonSchemaValue:
        return {"enum": list(self.values)}


class AnyOf:
    """One of several types: what is none of them has one fault."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def read(value: Any, inner: core_schema.ValidatorFunctionWrapHandler) -> Any:
            try:
                return inner(value)
            except ValidationError as error:
                raise wrong("must be of one of the types that are described") from error

        return core_schema.no_info_wrap_validator_function(read, handler(source))


class NotNull:
    """What may be absent, and is no null where it is there."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def read(value: object) -> object:
            if value is None:
                raise wrong("must not be null")
            return value

        return core_schema.no_info_before_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return without_null(handler(schema))


def without_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    """The same for what may be left out, and is then no null."""
    rest = {name: one for name, one in schema.items() if name != "anyOf" and (name, one) != ("default", None)}
    types = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return rest | (types[0] if len(types) == 1 else {"anyOf": types} if types else {})


# `X | None` for a type of several lines. mypy takes no union with a variable for a name.
Nullable = Annotated[T | None, "may be null"]
# `None` stands for a member that is absent.
Maybe = Annotated[T | None, NotNull()]
