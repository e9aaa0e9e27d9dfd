"""Where reads are kept for a while."""

from typing import Annotated

from pydantic import Field

from service.platform.env import MOST, Concern, SecretUrl, Whole, url_of


class CacheConfig(Concern):
    redis_url: Annotated[SecretUrl, url_of("redis", "rediss")] = Field(
        description="Redis that caches reads; the service works without it, only slower.",
        examples=["redis://127.0.0.1:6379"],
    )
    cache_ttl_seconds: Whole = Field(default=30, ge=1, le=MOST, description="How long a cached read may be served.")
