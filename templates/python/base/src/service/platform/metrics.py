"""Numbers for Prometheus."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, PlatformCollector, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from service.platform.log.output import Output

disable_created_metrics()  # type: ignore[no-untyped-call]

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
# A client may not choose labels.
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"))


class _DroppedLines(Collector):
    def __init__(self, output: Output) -> None:
        self._output = output

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "log_lines_dropped_total",
            "Lines of the log that were dropped, because nobody read stdout.",
            self._output.dropped,
        )


def new_registry(output: Output) -> CollectorRegistry:
    """Measures the process itself."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_DroppedLines(output))
    return registry


def durations_in(registry: CollectorRegistry) -> Histogram:
    """Measures requests by method, route and status."""
    return Histogram(
        "http_server_request_duration_seconds",
        "Duration of HTTP server requests.",
        ("http_request_method", "http_route", "http_response_status_code"),
        buckets=_BUCKETS,
        registry=registry,
    )


def method_of(method: str) -> str:
    """One of those that HTTP knows."""
    return method if method in _METHODS else "_OTHER"
