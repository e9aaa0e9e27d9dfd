"""Where reads are kept for a while."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from redis.asyncio import ConnectionPool

from service.platform.env import MOST, Concern, SecretUrl, Whole, url_of


def _usable(url: SecretStr) -> SecretStr:
    """Asks the driver, whose own words repeat the URL."""
    try:
        ConnectionPool.from_url(url.get_secret_value()).make_connection()  # type: ignore[no-untyped-call]
    except (TypeError, ValueError):
        raise ValueError("cannot be used: the driver does not read it") from None
    return url


class CacheConfig(Concern):
    redis_url: Annotated[SecretUrl, url_of("redis", "rediss"), AfterValidator(_usable)] = Field(
        description="Redis that caches reads; the service works without it, only slower.",
        examples=["redis://127.0.0.1:6379"],
    )
    cache_ttl_seconds: Whole = Field(default=30, ge=1, le=MOST, description="How long a cached read may be served.")
