package httpclient_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"service/internal/platform/httpclient"
	"service/internal/testkit/flaky"
)

// stock is a client whose server does as it is told.
type stock struct {
	*httpclient.Client
	*flaky.Server
	registry *prometheus.Registry
	log      *strings.Builder
}

func newStock(t *testing.T, change func(*httpclient.Settings), answers ...flaky.Answer) stock {
	t.Helper()
	s := stock{Server: flaky.New(t, answers...), registry: prometheus.NewRegistry(), log: &strings.Builder{}}
	settings := httpclient.Defaults("stock", s.URL+"/v1/", time.Second)
	settings.FirstBackoff = 2 * time.Millisecond
	if change != nil {
		change(&settings)
	}
	var err error
	s.Client, err = httpclient.New(settings, s.registry, slog.New(slog.NewTextHandler(s.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (s stock) get(ctx context.Context) (*httpclient.Response, error) {
	return s.Do(ctx, httpclient.Request{Method: http.MethodGet, Path: "/items"})
}

func (s stock) expectCalls(t *testing.T, expected int) {
	t.Helper()
	if calls := len(s.Calls()); calls != expected {
		t.Errorf("%d calls, not %d", calls, expected)
	}
}

func (s stock) expectMetric(t *testing.T, line string) {
	t.Helper()
	recorder := &body{}
	promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}).ServeHTTP(recorder, &http.Request{})
	if !strings.Contains(recorder.String(), line+"\n") {
		t.Errorf("no %s in\n%s", line, recorder)
	}
}

type body struct{ strings.Builder }

func (*body) Header() http.Header { return http.Header{} }

func (*body) WriteHeader(int) {}

func TestCallsThatWork(t *testing.T) {
	s := newStock(t, nil, flaky.Status(http.StatusOK))
	response, err := s.Do(t.Context(), httpclient.Request{
		Method: http.MethodGet, Path: "/items/a%2Fb", Query: url.Values{"q": {"a b"}}, Header: http.Header{"x-more": {"1"}},
	})
	if err != nil || response.Status != http.StatusOK {
		t.Fatalf("%+v, %v", response, err)
	}
	read, err := httpclient.Read[struct {
		Status string `json:"status"`
	}](response)
	if err != nil || read.Status != "ok" {
		t.Errorf("%+v, %v", read, err)
	}
	call := s.Calls()[0]
	if call.RequestURI != "/v1/items/a%2Fb?q=a+b" || call.Header.Get("X-More") != "1" {
		t.Errorf("%s %v", call.RequestURI, call.Header)
	}
	s.expectCalls(t, 1)
}

func TestRetries(t *testing.T) {
	ok, unavailable := flaky.Status(http.StatusOK), flaky.Status(http.StatusServiceUnavailable)
	for name, one := range map[string]struct {
		request httpclient.Request
		answers []flaky.Answer
		calls   int
		fails   error
	}{
		"503 until it works":          {httpclient.Request{Method: "GET"}, []flaky.Answer{unavailable, unavailable, ok}, 3, nil},
		"503 for good":                {httpclient.Request{Method: "GET"}, []flaky.Answer{unavailable}, 3, httpclient.ServerError},
		"429 for good is an answer":   {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Status(429)}, 3, nil},
		"500 may have done something": {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Status(500)}, 1, httpclient.ServerError},
		"404 is an answer":            {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Status(404)}, 1, nil},
		"no redirect is followed":     {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Status(302, "Location", "/")}, 1, nil},
		"a broken connection":         {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Reset, ok}, 2, nil},
		"a broken POST":               {httpclient.Request{Method: "POST", Body: 1}, []flaky.Answer{flaky.Reset}, 1, httpclient.Network},
		"POST":                        {httpclient.Request{Method: "POST", Body: 1}, []flaky.Answer{unavailable}, 1, httpclient.ServerError},
		"POST is never idempotent":    {httpclient.Request{Method: "POST", Idempotent: true}, []flaky.Answer{unavailable}, 1, httpclient.ServerError},
		"PUT":                         {httpclient.Request{Method: "PUT", Body: 1}, []flaky.Answer{unavailable}, 1, httpclient.ServerError},
		"PUT that is idempotent":      {httpclient.Request{Method: "PUT", Body: 1, Idempotent: true}, []flaky.Answer{unavailable}, 3, httpclient.ServerError},
		"DELETE that is idempotent":   {httpclient.Request{Method: "DELETE", Idempotent: true}, []flaky.Answer{unavailable}, 3, httpclient.ServerError},
		"a Retry-After in seconds":    {httpclient.Request{Method: "GET"}, []flaky.Answer{flaky.Status(429, "Retry-After", "3600"), ok}, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStock(t, func(settings *httpclient.Settings) { settings.LongestRetryAfter = 20 * time.Millisecond }, one.answers...)
			one.request.Path = "/items"
			if _, err := s.Do(t.Context(), one.request); !errors.Is(err, one.fails) {
				t.Errorf("%v, not %v", err, one.fails)
			}
			s.expectCalls(t, one.calls)
		})
	}
}

func TestEachAttemptHasItsTimeout(t *testing.T) {
	half := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for _, answer := range []flaky.Answer{flaky.Hang, half} {
		s := newStock(t, func(settings *httpclient.Settings) { settings.Timeout, settings.Retries = 50*time.Millisecond, 1 }, answer)
		if _, err := s.get(t.Context()); !errors.Is(err, httpclient.Timeout) || errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		s.expectCalls(t, 2)
	}
}

func TestTheDeadlineOfTheCallerHolds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	s := newStock(t, nil, flaky.Hang)
	if _, err := s.get(ctx); !errors.Is(err, httpclient.Timeout) || !errors.Is(err, context.DeadlineExceeded) || httpclient.Problem(err) != nil {
		t.Errorf("%v: %v, and no problem of the other service", err, httpclient.Problem(err))
	}
	s.expectCalls(t, 1)

	ctx, cancel = context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	s = newStock(t, nil, flaky.Status(http.StatusServiceUnavailable, "Retry-After", "2"))
	begun := time.Now()
	if _, err := s.get(ctx); !errors.Is(err, httpclient.ServerError) || time.Since(begun) > 900*time.Millisecond {
		t.Errorf("%v after %v: nobody waits for a retry that comes too late", err, time.Since(begun))
	}
	s.expectCalls(t, 1)
}

func TestACallerWhoGivesUpEndsTheRetries(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newStock(t, nil, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		flaky.Hang(w, r)
	})
	for range 2 {
		var failed *httpclient.Error
		if _, err := s.get(ctx); !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
			t.Error(err)
		}
	}
	s.expectCalls(t, 1)
}

func TestABodyIsReadUpToTheLimit(t *testing.T) {
	s := newStock(t, func(settings *httpclient.Settings) { settings.BodyLimit = 16 },
		flaky.JSON(http.StatusOK, `{"pin":"s3cret"}`), flaky.JSON(http.StatusOK, strings.Repeat("x", 17)))
	response, err := s.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = httpclient.Read[struct {
		PIN int `json:"pin"`
	}](response)
	if !errors.Is(err, httpclient.InvalidResponse) || strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
	if _, err := s.get(t.Context()); !errors.Is(err, httpclient.InvalidResponse) {
		t.Error(err)
	}
	s.expectCalls(t, 2)
}

func TestProblem(t *testing.T) {
	for kind, status := range map[httpclient.Kind]int{
		httpclient.Timeout: 504, httpclient.Network: 503, httpclient.CircuitOpen: 503, httpclient.BulkheadFull: 503,
		httpclient.ServerError: 502, httpclient.InvalidResponse: 502,
	} {
		p := httpclient.Problem(&httpclient.Error{Server: "stock", Kind: kind})
		if p.Status != status || (p.Header.Get("Retry-After") == "1") != (status == 503) || !strings.Contains(p.Detail, `"stock"`) {
			t.Errorf("%s: %+v", kind, p)
		}
	}
	if p := httpclient.Problem(io.EOF); p != nil {
		t.Error(p)
	}
}
