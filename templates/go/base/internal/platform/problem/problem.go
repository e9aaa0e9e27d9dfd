// Package problem answers every error as RFC 9457 problem details.
package problem

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
)

// Error is an answer that a handler returns as an error. What else a handler returns is a 500 that is logged and not told.
type Error struct {
	_         struct{} `json:"-" additionalProperties:"true"`
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	Status    int      `json:"status" minimum:"400" maximum:"599"`
	Detail    string   `json:"detail,omitempty"`
	Errors    []Fault  `json:"errors,omitempty"`
	RequestID string   `json:"request_id,omitempty"`

	Header http.Header `json:"-"`
}

// Titles that other services give, and have given for longer.
var titles = map[int]string{413: "Payload Too Large", 416: "Range Not Satisfiable", 418: "I'm a Teapot"}

// Fault is something in a request that does not match the schema, in words that do not quote it.
type Fault struct {
	In      string `json:"in"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// New makes the problem of a status. Detail says what went wrong this time, for the eyes of the caller.
func New(status int, detail string) *Error {
	title := cmp.Or(titles[status], http.StatusText(status))
	return &Error{Type: "about:blank", Title: title, Status: status, Detail: detail, Header: http.Header{}}
}

// With adds a header to the answer.
func (p *Error) With(name, value string) *Error {
	p.Header.Set(name, value)
	return p
}

func (p *Error) Error() string { return cmp.Or(p.Detail, p.Title) }

// For is the same problem as answer to a request.
func (p *Error) For(requestID string) *Error {
	answer := *p
	answer.RequestID = requestID
	return &answer
}

// Write answers with the problem.
func (p *Error) Write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.Header)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // A client that has gone away is told nothing.
}
