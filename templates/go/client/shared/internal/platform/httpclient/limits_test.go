package httpclient_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"service/internal/platform/httpclient"
	"service/internal/testkit/flaky"
)

func TestTheCircuitOpensTriesAndCloses(t *testing.T) {
	s := newStock(t, func(settings *httpclient.Settings) {
		settings.FailuresToOpen, settings.OpenFor = 3, 200*time.Millisecond
	}, flaky.Status(http.StatusInternalServerError))
	expect := func(kinds ...error) {
		t.Helper()
		for _, kind := range kinds {
			if _, err := s.get(t.Context()); !errors.Is(err, kind) {
				t.Errorf("%v, not %v", err, kind)
			}
		}
	}
	s.expectMetric(t, `http_client_circuit_state{server="stock"} 0`)
	expect(httpclient.ServerError, httpclient.ServerError, httpclient.ServerError, httpclient.CircuitOpen, httpclient.CircuitOpen)
	s.expectCalls(t, 3)
	s.expectMetric(t, `http_client_circuit_state{server="stock"} 1`)
	s.expectMetric(t, `http_client_rejections_total{error_type="circuit_open",server="stock"} 2`)

	time.Sleep(220 * time.Millisecond)
	expect(httpclient.ServerError, httpclient.CircuitOpen)
	s.expectCalls(t, 4)

	s.Answer(flaky.Status(http.StatusOK))
	time.Sleep(220 * time.Millisecond)
	expect(nil, nil, nil)
	s.expectMetric(t, `http_client_circuit_state{server="stock"} 0`)
	for event, count := range map[string]int{"event.name=circuit.open": 2, "event.name=circuit.closed": 1} {
		if strings.Count(s.log.String(), event) != count {
			t.Errorf("%s is not there %d times: %s", event, count, s.log)
		}
	}
}

func TestATrialThatWasGivenUpDoesNotCloseTheCircuit(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newStock(t, func(settings *httpclient.Settings) {
		settings.FailuresToOpen, settings.OpenFor, settings.Retries = 1, 200*time.Millisecond, 0
	}, flaky.Reset, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		flaky.Hang(w, r)
	})
	if _, err := s.get(t.Context()); !errors.Is(err, httpclient.Network) {
		t.Error(err)
	}
	time.Sleep(220 * time.Millisecond)
	if _, err := s.get(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := s.get(t.Context()); !errors.Is(err, httpclient.CircuitOpen) {
		t.Error(err)
	}
	s.expectCalls(t, 2)
}

func TestAnOpenCircuitEndsTheRetries(t *testing.T) {
	s := newStock(t, func(settings *httpclient.Settings) { settings.FailuresToOpen, settings.Retries = 1, 5 },
		flaky.Status(http.StatusServiceUnavailable))
	if _, err := s.get(t.Context()); !errors.Is(err, httpclient.CircuitOpen) {
		t.Error(err)
	}
	s.expectCalls(t, 1)
	s.expectMetric(t, `http_client_retries_total{server="stock"} 1`)
}

func TestWhatExceedsPlacesAndQueueIsRefusedAtOnce(t *testing.T) {
	var busy, busiest atomic.Int32
	s := newStock(t, func(settings *httpclient.Settings) { settings.Concurrency, settings.Queue = 2, 1 },
		func(w http.ResponseWriter, r *http.Request) {
			busiest.Store(max(busiest.Load(), busy.Add(1)))
			time.Sleep(100 * time.Millisecond)
			busy.Add(-1)
			flaky.Status(http.StatusOK)(w, r)
		})
	var refused atomic.Int32
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := s.get(t.Context()); errors.Is(err, httpclient.BulkheadFull) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if refused.Load() != 3 || busiest.Load() != 2 {
		t.Errorf("%d refused, %d at once", refused.Load(), busiest.Load())
	}
	s.expectCalls(t, 3)
	s.expectMetric(t, `http_client_rejections_total{error_type="bulkhead_full",server="stock"} 3`)
}
