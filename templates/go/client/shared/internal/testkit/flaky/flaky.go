// Package flaky is another service for tests: it does as it is told, and counts.
package flaky

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Answer answers a request, or leaves it.
type Answer = http.HandlerFunc

// Server is on a port of its own until the end of the test.
type Server struct {
	URL string

	mutex sync.Mutex
	plan  []Answer
	calls []*http.Request
}

// New starts a server. It does these things with the next requests, in this order; then the last of them for good.
func New(t testing.TB, answers ...Answer) *Server {
	t.Helper()
	s := &Server{plan: answers}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.next(r)(w, r) }))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.URL = server.URL
	return s
}

func (s *Server) next(r *http.Request) Answer {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.calls = append(s.calls, r)
	answer := s.plan[0]
	if len(s.plan) > 1 {
		s.plan = s.plan[1:]
	}
	return answer
}

// Answer tells it anew what to do.
func (s *Server) Answer(answers ...Answer) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.plan = answers
}

// Calls are the requests so far.
func (s *Server) Calls() []*http.Request {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]*http.Request{}, s.calls...)
}

// Status answers with a status and headers, and the body {"status":"ok"}.
func Status(code int, headers ...string) Answer { return JSON(code, `{"status":"ok"}`, headers...) }

// JSON answers with a status, a body and headers.
func JSON(code int, body string, headers ...string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// Hang never answers.
func Hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// Reset breaks the connection.
func Reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
