package web

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are those of a process. Register more with Registry.
type Metrics struct {
	Registry *prometheus.Registry
	duration *prometheus.HistogramVec
	// The series that have been used: to look one up by its labels costs more than all else of a measurement.
	mutex  sync.RWMutex
	series map[labels]prometheus.Observer
}

type labels struct {
	method, route string
	status        int
}

// NewMetrics measures requests and the process itself.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		series:   map[labels]prometheus.Observer{},
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_server_request_duration_seconds",
			Help:    "Duration of HTTP server requests.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10},
		}, []string{"http_request_method", "http_route", "http_response_status_code"}),
	}
	m.Registry.MustRegister(m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Count adds a number that only grows, and is read when somebody asks for the metrics.
func (m *Metrics) Count(name, help string, read func() float64) {
	m.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// Gauge adds a number that goes up and down.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
}

func (m *Metrics) observe(method, route string, status int, took time.Duration) {
	key := labels{method, route, status}
	m.mutex.RLock()
	series := m.series[key]
	m.mutex.RUnlock()
	if series == nil {
		series = m.duration.WithLabelValues(method, route, strconv.Itoa(status))
		m.mutex.Lock()
		m.series[key] = series
		m.mutex.Unlock()
	}
	series.Observe(took.Seconds())
}
