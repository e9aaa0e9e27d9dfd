"""Products whose single reads come from the cache."""

from collections.abc import Awaitable

from service.features.products_store import Product, ProductInput, ProductStore
from service.platform.cache import Cache
from service.platform.postgres import Postgres
from service.platform.problem import Problem


class CachedProducts(ProductStore):
    """Changes still ask the database for the version that they are meant for: a stale read never overwrites anything."""

    def __init__(self, database: Postgres, cache: Cache) -> None:
        super().__init__(database)
        self._cache = cache

    async def find(self, product_id: str) -> Product | None:
        """Reads one."""
        product = await self._cache.read(_key(product_id), Product)
        if product is None:
            product = await super().find(product_id)
            if product is not None:
                await self._cache.fill(_key(product_id), product)
        return product

    async def update(self, product_id: str, versions: list[int] | None, product: ProductInput) -> Product | None:
        """Replaces one."""
        return await self._changing(product_id, super().update(product_id, versions, product))

    async def remove(self, product_id: str, versions: list[int] | None) -> Product | None:
        """Deletes one."""
        return await self._changing(product_id, super().remove(product_id, versions))

    async def _changing(self, product_id: str, change: Awaitable[Product | None]) -> Product | None:
        """A change whose connection was lost, or whose request is over, may have been made. One that was refused was not."""
        try:
            changed = await change
        except Problem:
            raise
        except BaseException:
            await self._cache.change(_key(product_id))
            raise
        if changed is not None:
            await self._cache.change(_key(product_id))
        return changed


def _key(product_id: str) -> str:
    """Made of an id as PostgreSQL writes it, however a client does: one product has one entry."""
    return f"product:{product_id.lower()}"
