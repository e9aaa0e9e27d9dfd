"""Products in PostgreSQL, by FastAPI and psycopg alone."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

from common import serve
from fastapi import FastAPI, HTTPException, Query, Response
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field

COLUMNS = 'id::text, sku, name, price_cents as "priceCents", version'


class ProductInput(BaseModel):
    """What a client says."""

    sku: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,31}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    priceCents: Annotated[int, Field(ge=0)]


class Product(ProductInput):
    """A product that is stored."""

    id: str
    version: int


class Page(BaseModel):
    """Some of all products."""

    items: list[Product]
    nextCursor: str | None


pool = AsyncConnectionPool(os.environ["DATABASE_URL"], open=False, min_size=1, max_size=10)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """The pool is open while the app runs."""
    await pool.open(wait=False)
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


async def rows(sql: str, *values: object) -> list[Product]:
    """What a statement answers."""
    async with pool.connection() as connection, connection.cursor(row_factory=class_row(Product)) as cursor:
        await cursor.execute(sql, values)
        return await cursor.fetchall()


@app.get("/products")
async def page(limit: Annotated[int, Query(ge=1, le=100)] = 20, after: str = "") -> Page:
    """Twenty at a time."""
    sql = f"select {COLUMNS} from products where %s = '' or sku > %s order by sku limit %s"
    found = await rows(sql, after, after, limit + 1)
    return Page(items=found[:limit], nextCursor=found[limit - 1].sku if len(found) > limit else None)


@app.get("/products/{product_id}")
async def one(product_id: UUID, response: Response) -> Product:
    """One of them."""
    found = await rows(f"select {COLUMNS} from products where id = %s", product_id)
    if not found:
        raise HTTPException(404)
    response.headers["ETag"] = f'"{found[0].version}"'
    return found[0]


@app.post("/products", status_code=201)
async def create(given: ProductInput, response: Response) -> Product:
    """A new one."""
    sql = f"insert into products (sku, name, price_cents) values (%s, %s, %s) returning {COLUMNS}"
    [made] = await rows(sql, given.sku, given.name, given.priceCents)
    response.headers["Location"] = f"/products/{made.id}"
    response.headers["ETag"] = f'"{made.version}"'
    return made


serve(app)
