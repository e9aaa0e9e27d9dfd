"""Types of what a column of PostgreSQL keeps: it has no year 0, and moments to the millisecond."""

import re
from typing import Annotated

from pydantic import AfterValidator

from service.platform.fields import Date, Moment, Uri, Url
from service.platform.fields.values import wrong


def _since_year_1(text: str) -> str:
    if text.startswith("0000"):
        raise wrong("must be in the year 1 or later")
    return text


def _in_milliseconds(text: str) -> str:
    return re.sub(r"(\.\d{3})\d+", r"\1", _since_year_1(text))


def _not_long(text: str) -> str:
    if len(text) > 2000:
        raise wrong("must have at most 2000 characters")
    return text


StoredDate = Annotated[Date, AfterValidator(_since_year_1)]
StoredMoment = Annotated[Moment, AfterValidator(_in_milliseconds)]
StoredUrl = Annotated[Url, AfterValidator(_not_long)]
StoredUri = Annotated[Uri, AfterValidator(_not_long)]
