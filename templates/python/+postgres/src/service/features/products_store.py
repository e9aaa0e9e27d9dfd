"""Products in PostgreSQL."""

# ruff: noqa: S608 - what is put into statements is constant

from typing import Annotated

from psycopg.errors import UniqueViolation
from pydantic import Field

from service.platform.fields import Input, Integer, Line, Output, Uuid
from service.platform.postgres import Postgres
from service.platform.problem import Problem


class ProductInput(Input):
    """What a client may say about a product."""

    sku: Annotated[str, Field(pattern="^[A-Z0-9][A-Z0-9-]{0,31}$", description="Stock keeping unit, unique")]
    name: Annotated[str, Line()]
    price_cents: Annotated[int, Integer(ge=0, le=2_147_483_647), Field(alias="priceCents")]


class Product(Output):
    """A product as it is stored, also where a rule for clients does not hold: it may not fail a list."""

    id: Uuid
    sku: str
    name: str
    price_cents: Annotated[int, Field(alias="priceCents")]
    version: Annotated[int, Field(description="Grows with every change; the ETag of the product")]


COLUMNS = "id::text, sku, name, price_cents, version"
OF_VERSION = "id = %(id)s and (%(versions)s::int[] is null or version = any(%(versions)s::int[]))"


class ProductStore:
    """Products of a database.

    What is not there, or in none of the versions asked for, is None; versions that are None ask for any.
    """

    def __init__(self, database: Postgres) -> None:
        self._database = database

    async def create(self, product: ProductInput) -> Product:
        """Adds one."""
        created = await self._rows(
            "insert into products (sku, name, price_cents) values (%(sku)s, %(name)s, %(price_cents)s)"
            f" returning {COLUMNS}",
            **product.model_dump(),
        )
        return created[0]

    async def find(self, product_id: str) -> Product | None:
        """Reads one."""
        return _first(await self._rows(f"select {COLUMNS} from products where id = %(id)s", id=product_id))

    async def page(self, after: str, limit: int) -> list[Product]:
        """Reads up to `limit` products in the order of their skus, from the first one or the one after `after`."""
        # Two statements: a plan for both would read every product before `after`.
        where = "where sku > %(after)s" if after else ""
        sql = f"select {COLUMNS} from products {where} order by sku limit %(limit)s"
        return await self._rows(sql, after=after, limit=limit)

    async def update(self, product_id: str, versions: list[int] | None, product: ProductInput) -> Product | None:
        """Replaces one."""
        changed = await self._rows(
            "update products set sku = %(sku)s, name = %(name)s, price_cents = %(price_cents)s, version = version + 1"
            f" where {OF_VERSION} returning {COLUMNS}",
            id=product_id,
            versions=versions,
            **product.model_dump(),
        )
        return _first(changed)

    async def remove(self, product_id: str, versions: list[int] | None) -> Product | None:
        """Deletes one."""
        sql = f"delete from products where {OF_VERSION} returning {COLUMNS}"
        return _first(await self._rows(sql, id=product_id, versions=versions))

    async def _rows(self, sql: str, **values: object) -> list[Product]:
        try:
            return await self._database.rows(Product, sql, values)
        except UniqueViolation:
            raise Problem(409, "A product with this sku exists.") from None


def _first(rows: list[Product]) -> Product | None:
    return rows[0] if rows else None
