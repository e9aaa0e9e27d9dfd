"""Types of what requests and answers say. They take the same values in every language that services are written in."""

from pydantic import BaseModel, ConfigDict

from service.platform.fields.formats import Date, Email, Moment, Uri, Url, Uuid
from service.platform.fields.several import Among, AnyOf, Boolean, Maybe, Nullable
from service.platform.fields.texts import AmongText, BooleanText, Csv, IntegerText, NumberText, Texts
from service.platform.fields.values import Decimal, Integer, Line, Number, Text

__all__ = [
    "Among",
    "AmongText",
    "AnyOf",
    "Boolean",
    "BooleanText",
    "Csv",
    "Date",
    "Decimal",
    "Email",
    "Input",
    "Integer",
    "IntegerText",
    "Line",
    "Maybe",
    "Moment",
    "Nullable",
    "Number",
    "NumberText",
    "Output",
    "Text",
    "Texts",
    "Uri",
    "Url",
    "Uuid",
]


class Input(BaseModel):
    """What a request says. Nothing is converted, and members that no field names are dropped."""

    model_config = ConfigDict(strict=True)


class Output(BaseModel):
    """What an answer says. It is made by the names of its fields, and sent by their aliases."""

    model_config = ConfigDict(strict=True, validate_by_name=True, validate_by_alias=False, serialize_by_alias=True)
