package testkit

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Request is one of a table of tests.
type Request struct {
	Method  string
	Path    string
	Headers map[string]string
	Body    string
}

// With is the request with all that another one says.
func (r Request) With(change Request) Request {
	if change.Method != "" {
		r.Method = change.Method
	}
	if change.Path != "" {
		r.Path = change.Path
	}
	if change.Headers != nil {
		r.Headers = change.Headers
	}
	if change.Body != "" {
		r.Body = change.Body
	}
	return r
}

// Send gives a request to the service, without a network.
func Send(service http.Handler, r Request) *httptest.ResponseRecorder {
	request := httptest.NewRequest(r.Method, r.Path, strings.NewReader(r.Body))
	for name, value := range r.Headers {
		request.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	service.ServeHTTP(answer, request)
	return answer
}

// IsRefused wants problem details (RFC 9457) of a status.
func IsRefused(t *testing.T, answer *httptest.ResponseRecorder, status int) {
	t.Helper()
	if answer.Code != status || answer.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %d (%s), want a problem of status %d: %s", answer.Code, answer.Header().Get("Content-Type"), status, answer.Body)
	}
}
