package httpclient

import (
	"errors"
	"fmt"
	"net/http"

	"service/internal/platform/problem"
)

// Kind says why a call failed: errors.Is(err, httpclient.Timeout). It is also the label error_type of the metrics.
type Kind string

// Why a call to another service failed for good.
const (
	Timeout         Kind = "timeout"
	Network         Kind = "network"
	CircuitOpen     Kind = "circuit_open"
	BulkheadFull    Kind = "bulkhead_full"
	ServerError     Kind = "server_error"
	InvalidResponse Kind = "invalid_response"
)

func (k Kind) Error() string { return string(k) }

// Error is a call to another service that has failed for good. Its text quotes nothing of the call.
type Error struct {
	// Server is the name of the client, never its URL.
	Server string
	Kind   Kind
	Reason string
	// Err is what was behind it, if anything was.
	Err error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Server, e.Reason, e.Err)
	}
	return e.Server + ": " + e.Reason
}

func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// isOutage says whether the other service is away, rather than answering something.
func isOutage(err error) bool {
	return (errors.Is(err, Timeout) || errors.Is(err, Network)) && !errors.Is(err, errGivenUp)
}

// Problem makes a problem of a failed call: whoever calls this service may try again later. Of another error it makes nil, and of a call
// whose caller had no more time: that is not the fault of the other service.
func Problem(err error) *problem.Error {
	var failed *Error
	if !errors.As(err, &failed) || errors.Is(err, errGivenUp) {
		return nil
	}
	status, what := http.StatusBadGateway, "failed"
	switch failed.Kind {
	case Timeout:
		status, what = http.StatusGatewayTimeout, "did not answer in time"
	case Network, CircuitOpen, BulkheadFull:
		status, what = http.StatusServiceUnavailable, "is not available"
	}
	answer := problem.New(status, fmt.Sprintf("The backing service %q %s.", failed.Server, what))
	if status == http.StatusServiceUnavailable {
		answer.With("Retry-After", "1")
	}
	return answer
}
