package httpclient

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are shared by all clients of a registry: the label server tells them apart.
type metrics struct {
	duration   *prometheus.HistogramVec
	retries    *prometheus.CounterVec
	rejections *prometheus.CounterVec
	circuit    *prometheus.GaugeVec
}

func newMetrics(registry prometheus.Registerer) metrics {
	return metrics{
		duration: register(registry, prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_client_request_duration_seconds",
			Help:    "Duration of outgoing HTTP requests, each attempt on its own.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10},
		}, []string{"server", "http_request_method", "http_response_status_code", "error_type"})),
		retries: register(registry, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_client_retries_total",
			Help: "Outgoing HTTP requests that were attempted once more.",
		}, []string{"server"})),
		rejections: register(registry, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_client_rejections_total",
			Help: "Outgoing HTTP requests that were refused without being sent.",
		}, []string{"server", "error_type"})),
		circuit: register(registry, prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "http_client_circuit_state",
			Help: "State of the circuit breaker: 0 closed, 1 open, 2 half-open.",
		}, []string{"server"})),
	}
}

// register gives the collector of that name which the registry has already, if it has one.
func register[T prometheus.Collector](registry prometheus.Registerer, collector T) T {
	err := registry.Register(collector)
	var twice prometheus.AlreadyRegisteredError
	if errors.As(err, &twice) {
		if existing, ok := twice.ExistingCollector.(T); ok {
			return existing
		}
	}
	if err != nil {
		panic(err)
	}
	return collector
}
