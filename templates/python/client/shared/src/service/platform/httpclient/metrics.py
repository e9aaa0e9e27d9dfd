"""Numbers about calls to other services. All clients share them: the label `server` tells these apart."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)


class HttpClientMetrics:
    """The metrics of one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.duration = Histogram(
            "http_client_request_duration_seconds",
            "Duration of outgoing HTTP requests, each attempt on its own.",
            ("server", "http_request_method", "http_response_status_code", "error_type"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.retries = Counter(
            "http_client_retries_total",
            "Outgoing HTTP requests that were attempted once more.",
            ("server",),
            registry=registry,
        )
        self.rejections = Counter(
            "http_client_rejections_total",
            "Outgoing HTTP requests that were refused without being sent.",
            ("server", "error_type"),
            registry=registry,
        )
        self.circuit = Gauge(
            "http_client_circuit_state",
            "State of the circuit breaker: 0 closed, 1 open, 2 half-open.",
            ("server",),
            registry=registry,
        )
