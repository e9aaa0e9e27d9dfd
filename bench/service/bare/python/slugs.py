"""A slug of a title, by FastAPI alone."""

import unicodedata
from typing import Annotated

from common import serve
from fastapi import FastAPI
from pydantic import BaseModel, StringConstraints

app = FastAPI()


class SlugInput(BaseModel):
    """What a client says."""

    title: Annotated[str, StringConstraints(max_length=200, pattern=r"\S")]


class Slug(BaseModel):
    """The part of a URL that a title becomes."""

    slug: str


@app.post("/slugs")
async def create(given: SlugInput) -> Slug:
    """As the service does it."""
    plain = (one for one in unicodedata.normalize("NFKD", given.title) if not unicodedata.category(one).startswith("M"))
    kept = (one if unicodedata.category(one)[0] in "LN" else " " for one in "".join(plain).lower())
    return Slug(slug="-".join("".join(kept).split()))


serve(app)
