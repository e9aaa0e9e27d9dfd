// Package httpclient calls other services, gives them time to recover, and lets this one go on without them: timeout, retry,
// circuit breaker and bulkhead.
package httpclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/prometheus/client_golang/prometheus"

	"service/internal/platform/web"
)

// Settings of a client. Begin with Defaults.
type Settings struct {
	// Name of the other service in metrics, logs and problems.
	Name    string
	BaseURL string
	// Timeout is for one attempt, its body included.
	Timeout time.Duration
	// Retries is how often a request is repeated; together with the first attempt that makes one more.
	Retries      int
	FirstBackoff time.Duration
	// LongestRetryAfter is when a service that asks for more patience is asked again.
	LongestRetryAfter time.Duration
	// Concurrency is how many attempts are under way at once, Queue how many may wait for a place.
	Concurrency, Queue uint
	// FailuresToOpen are those in a row that open the circuit, OpenFor is how long until one call tries.
	FailuresToOpen uint
	OpenFor        time.Duration
	// BodyLimit is how many bytes of an answer are read.
	BodyLimit int64
}

// Defaults are the settings of a client of which nothing more is known.
func Defaults(name, baseURL string, timeout time.Duration) Settings {
	return Settings{
		Name: name, BaseURL: baseURL, Timeout: timeout,
		Retries: 2, FirstBackoff: 100 * time.Millisecond, LongestRetryAfter: 2 * time.Second,
		Concurrency: 20, Queue: 20,
		FailuresToOpen: 5, OpenFor: 5 * time.Second,
		BodyLimit: 1 << 20,
	}
}

// Request is what another service is asked.
type Request struct {
	Method string
	// Path below the base URL, its parameters encoded with url.PathEscape.
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent as JSON, unless it is nil.
	Body any
	// Idempotent says of a PUT or DELETE that doing it twice does no harm: it may then be retried.
	Idempotent bool
}

// Client of one other service. Make one for each service and keep it.
type Client struct {
	settings Settings
	target   target
	http     http.Client
	metrics  metrics
	breaker  circuitbreaker.CircuitBreaker[*Response]
	// Whoever gets a place in the hall may wait for one at the table.
	hall, table bulkhead.Bulkhead[*Response]
}

// New makes a client. It calls nobody yet.
func New(settings Settings, registry prometheus.Registerer, log *slog.Logger) (*Client, error) {
	where, err := newTarget(settings.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", settings.Name, err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = int(settings.Concurrency)
	c := &Client{
		settings: settings,
		target:   where,
		http: http.Client{
			Transport: transport,
			// Followed, a redirect could take our headers to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		metrics: newMetrics(registry),
		hall:    bulkhead.New[*Response](settings.Concurrency + settings.Queue),
		table:   bulkhead.NewBuilder[*Response](settings.Concurrency).WithMaxWaitTime(time.Hour).Build(),
	}
	circuit := c.metrics.circuit.WithLabelValues(settings.Name)
	circuit.Set(float64(circuitbreaker.ClosedState))
	c.breaker = circuitbreaker.NewBuilder[*Response]().
		WithFailureThreshold(settings.FailuresToOpen).
		WithSuccessThreshold(1).
		WithDelay(settings.OpenFor).
		HandleIf(func(response *Response, err error) bool {
			// A trial that its caller gave up has shown nothing, and must not close the circuit.
			isVain := errors.Is(err, errGivenUp) && c.breaker.IsHalfOpen()
			return isOutage(err) || isServerError(response) || isVain
		}).
		OnStateChanged(func(changed circuitbreaker.StateChangedEvent) {
			circuit.Set(float64(changed.NewState))
			switch changed.NewState {
			case circuitbreaker.OpenState:
				log.Warn(settings.Name+" fails, not calling", "event.name", "circuit.open")
			case circuitbreaker.ClosedState:
				log.Info(settings.Name+" is back", "event.name", "circuit.closed")
			}
		}).
		Build()
	return c, nil
}

// Close gives idle connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Do gives any answer below 500, whatever its status. Every other end of a call is an *Error; where the caller has gone, the
// error of its context. A call is part of the request that the context is of: it has its id, its trace and its deadline.
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	p, err := c.prepare(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.settings.Name, err)
	}
	policies := []failsafe.Policy[*Response]{c.hall, c.table, c.breaker}
	if isRepeatable(request) {
		policies = append([]failsafe.Policy[*Response]{c.retries(ctx)}, policies...)
	}
	response, err := failsafe.With(policies...).WithContext(ctx).Get(func() (*Response, error) { return c.attempt(ctx, p) })
	var failed *Error
	switch {
	case errors.Is(err, circuitbreaker.ErrOpen):
		return nil, c.refused(CircuitOpen)
	case errors.Is(err, bulkhead.ErrFull):
		return nil, c.refused(BulkheadFull)
	case err != nil && ctx.Err() != nil && !errors.As(err, &failed):
		return nil, c.givenUp(ctx)
	case err != nil:
		return nil, err
	case isServerError(response):
		reason := fmt.Sprintf("answered with status %d", response.Status)
		return nil, &Error{Server: c.settings.Name, Kind: ServerError, Reason: reason}
	}
	return response, nil
}

func (c *Client) refused(kind Kind) error {
	c.metrics.rejections.WithLabelValues(c.settings.Name, string(kind)).Inc()
	return &Error{Server: c.settings.Name, Kind: kind, Reason: "not called, " + string(kind)}
}

func (c *Client) prepare(ctx context.Context, request Request) (prepared, error) {
	p := prepared{method: request.Method, header: http.Header{"Accept": {"application/json"}}}
	var err error
	if p.url, err = c.target.url(request.Path, request.Query); err != nil {
		return p, err
	}
	if request.Body != nil {
		p.header.Set("Content-Type", "application/json")
		if p.body, err = json.Marshal(request.Body); err != nil {
			return p, err
		}
	}
	if c.target.authorization != "" {
		p.header.Set("Authorization", c.target.authorization)
	}
	web.PassOn(ctx, p.header)
	for name, values := range request.Header {
		p.header[http.CanonicalHeaderKey(name)] = values
	}
	return p, nil
}

// retries is the policy of one call: it does not wait for what comes after the deadline of its caller.
func (c *Client) retries(ctx context.Context) retrypolicy.RetryPolicy[*Response] {
	failures, pause := 0, time.Duration(0)
	return retrypolicy.NewBuilder[*Response]().
		WithMaxRetries(c.settings.Retries).
		HandleIf(func(response *Response, err error) bool {
			if !isOutage(err) && !isRetried(response) {
				return false
			}
			pause = c.pause(failures, response)
			failures++
			deadline, hasDeadline := ctx.Deadline()
			return !hasDeadline || pause < time.Until(deadline)
		}).
		WithDelayFunc(func(failsafe.ExecutionAttempt[*Response]) time.Duration { return pause }).
		OnRetry(func(failsafe.ExecutionEvent[*Response]) { c.metrics.retries.WithLabelValues(c.settings.Name).Inc() }).
		ReturnLastFailure().
		Build()
}

// pause is partly by chance, so that those who failed together do not come back together.
func (c *Client) pause(failures int, response *Response) time.Duration {
	exponential := float64(c.settings.FirstBackoff) * float64(int(1)<<failures)
	return min(retryAfter(response), c.settings.LongestRetryAfter) + time.Duration(exponential*(0.5+rand.Float64()/2))
}

// retryAfter is how long an answer asks to wait: Retry-After has seconds or a date.
func retryAfter(response *Response) time.Duration {
	if response == nil {
		return 0
	}
	value := response.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

func isRepeatable(request Request) bool {
	switch request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	case http.MethodPut, http.MethodDelete:
		return request.Idempotent
	}
	return false
}

func isServerError(response *Response) bool { return response != nil && response.Status >= 500 }

func isRetried(response *Response) bool {
	if response == nil {
		return false
	}
	switch response.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
