from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter, ValidationError, create_model

from service.platform.fields import (
    Among,
    AmongText,
    AnyOf,
    Boolean,
    BooleanText,
    Csv,
    Date,
    Decimal,
    Email,
    Input,
    Integer,
    IntegerText,
    Line,
    Maybe,
    Moment,
    Nullable,
    Number,
    NumberText,
    Output,
    Text,
    Texts,
    Uri,
    Url,
    Uuid,
)
from service.platform.fields.several import without_null


class Order(Input):
    order_id: Annotated[int, Integer(ge=1), Field(alias="orderId")]
    note: Maybe[Annotated[str, Text(max=3)]] = None


class Closed(Input, extra="forbid"):
    n: Annotated[int, Integer()]


class Answer(Output):
    order_id: Annotated[int, Integer(), Field(alias="orderId")]
    note: Maybe[str] = None


TEXT = Annotated[str, Text(min=1, max=2)]
SEVERAL = Annotated[Annotated[int, Integer()] | Closed | None, AnyOf()]
NUMBER_OR_NULL = Nullable[Annotated[int, Integer(ge=1)]]
TEXT_OR_NOT = Maybe[str]
NULL_OR_NOT = Maybe[str | None]
ONE_OR_NOT = Maybe[Annotated[int, Integer()] | str]
DAY, UUID = "2024-02-29", "0B7D2A3E-5C1F-4E8A-0D6B-2F4A8C0E1D3B"


@pytest.mark.parametrize(
    ("of", "taken", "refused"),
    [
        (Annotated[int, Integer(ge=0, le=9)], [0, 9, 3.0], [-1, 10, 1.5, "1", True, None, 2**53, 10**400]),
        (Annotated[float, Number(gt=0, lt=1)], [0.5], [0, 1, "0.5", False, float("inf"), float("nan"), 10**400]),
        (Annotated[str, Decimal(ge=0)], ["0", "12.50", "9" * 15], ["-1", "1.23456", ".5", "1e2", "\u0661", "1\n", 1]),
        (TEXT, ["a", "ab", "😀"], ["", "abc", "😀a", 1, None, b"a"]),
        (Annotated[str, Line()], ["a b", "é"], ["", " a", "a ", "a\tb", "\u00a0a", "a\ufeff", "a\x85", "a" * 201]),
        (Date, [DAY, "0000-02-29"], ["2023-02-29", "2024-2-9", f"{DAY}\n", "\u0662024-02-29", 1]),
        (Moment, [f"{DAY}T12:30:00Z", f"{DAY}T12:30:00.12345+02:00"], [DAY, f"{DAY}T24:00:00Z", f"{DAY}t12:30:00z"]),
        (Uuid, [UUID, UUID.lower()], ["1", UUID.replace("-", ""), f"{{{UUID}}}"]),
        (Email, ["a.b+c@example.com"], ["nobody", "a@b", "a..b@example.com", f"{'a' * 65}@example.com"]),
        (Uri, ["urn:example:1", "http://[::1]:80/"], ["nowhere", "http://", "http://a:99999/", "http://[::1", "a:é"]),
        (Url, ["HTTPS://example.com/?a#b"], ["javascript:alert(1)", "https:///x", "https://a b/"]),
        (Boolean, [True, False], ["true", 1, None]),
        (Literal["a", "b"], ["a"], ["c", 1, None]),
        (NUMBER_OR_NULL, [1, None], [0, "1"]),
        (Annotated[Any, Among(1, -2.5, "x", True)], [1, -2.5, "x", True], [2, "1", False, [1], None]),
        (SEVERAL, [1, None], ["1", True, {"n": "1"}, []]),
        (
            Annotated[int, IntegerText(ge=-5)],
            [],
            ["1.0", "01", "+1", " 1", "1_0", "-0", "-6", "9" * 16, "\u0661", 1, ""],
        ),
        (Annotated[float, NumberText(gt=0)], [], ["0", ".5", "1.", "inf", "nan", "0x1", "1_0", "1e400", 1]),
        (Annotated[bool, BooleanText()], [], ["True", "1", "", True]),
        (Annotated[Any, AmongText(1, True, "x")], [], ["1.0", "True", "y", 1]),
        (Annotated[list[Annotated[int, IntegerText()]], Texts(min=2, max=3)], [], ["1", ["1"] * 4, ["1", "x"]]),
        (Annotated[list[str], Csv()], [], [["a", "b"], 1]),
    ],
)
def test_a_type_takes_what_the_other_languages_take(of: Any, taken: list[object], refused: list[object]) -> None:
    adapter = TypeAdapter[Any](of)
    for value in taken:
        read = adapter.validate_python(value)
        assert (read, isinstance(read, bool)) == (value, isinstance(value, bool))
    for value in refused:
        with pytest.raises(ValidationError) as error:
            adapter.validate_python(value)
        assert len(error.value.errors()) == 1, value


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (Annotated[int, IntegerText(le=9)], "-5", -5),
        (Annotated[float, NumberText()], "-1.5E+2", -150.0),
        (Annotated[bool, BooleanText()], "false", False),
        (Annotated[Any, AmongText(1, True, "x")], "true", True),
        (Annotated[list[Annotated[int, IntegerText()]], Texts()], ["1", "2"], [1, 2]),
        (Annotated[list[Annotated[int, IntegerText()]], Texts()], "1", [1]),
        (Annotated[list[str], Csv()], "a,,b", ["a", "", "b"]),
        (Annotated[list[str], Csv()], [""], []),
    ],
)
def test_a_text_is_read_as_a_value(of: Any, text: object, value: object) -> None:
    assert TypeAdapter[Any](of).validate_python(text) == value


@pytest.mark.parametrize(
    ("of", "schema"),
    [
        (Annotated[int, Integer(ge=0)], {"type": "integer", "minimum": 0}),
        (Annotated[float, NumberText(gt=0.5)], {"type": "number", "exclusiveMinimum": 0.5}),
        (TEXT, {"type": "string", "minLength": 1, "maxLength": 2}),
        (TEXT_OR_NOT, {"type": "string"}),
        (NULL_OR_NOT, {"type": "string"}),
        (ONE_OR_NOT, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        (
            Annotated[list[str], Texts(min=1)],
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1000},
        ),
        (Annotated[Any, Among(1, "x")], {"enum": [1, "x"]}),
    ],
)
def test_a_type_describes_itself(of: Any, schema: dict[str, object]) -> None:
    assert TypeAdapter(of).json_schema() == schema


@pytest.mark.parametrize(
    ("of", "schema"),
    [
        (str | None, {"type": "string", "title": "A"}),
        (int | str | None, {"anyOf": [{"type": "integer"}, {"type": "string"}], "title": "A"}),
        (None, {"type": "null", "title": "A"}),
    ],
)
def test_what_may_be_left_out_is_described_without_null(of: Any, schema: dict[str, object]) -> None:
    described = create_model("Sample", a=(of, None)).model_json_schema()["properties"]["a"]
    assert without_null(described) == schema


def test_a_request_says_members_by_their_aliases() -> None:
    assert Order.model_validate({"orderId": 1.0, "more": 1}).order_id == 1
    for members in [{"order_id": 1}, {"orderId": 1, "note": None}, {"orderId": 1, "note": "long"}, [], "text"]:
        with pytest.raises(ValidationError):
            Order.model_validate(members)


def test_an_answer_leaves_out_what_was_not_said() -> None:
    assert Answer(order_id=1).model_dump(exclude_unset=True) == {"orderId": 1}
    assert TypeAdapter(Answer).validate_python({"orderId": 1, "note": "a"}, by_alias=True, by_name=False).note == "a"
