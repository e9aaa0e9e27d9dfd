"""Calls other services, gives them time to recover, and lets this one go on without them."""

from service.platform.httpclient.client import HttpClient, Settings
from service.platform.httpclient.failures import HttpClientError, Kind
from service.platform.httpclient.response import Response

__all__ = ["HttpClient", "HttpClientError", "Kind", "Response", "Settings"]
