"""The cache of the service."""

from contextlib import AbstractAsyncContextManager

from service.config.cache import CacheConfig
from service.platform.app import App, part
from service.platform.cache import Cache, opened


@part
def cache(app: App) -> AbstractAsyncContextManager[Cache]:
    """Opens it."""
    config = app.config[CacheConfig]
    return opened(config.redis_url.get_secret_value(), config.cache_ttl_seconds, app.metrics)
