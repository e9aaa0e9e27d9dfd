// Package testkit is what tests work with: the whole service, without a port.
package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"service/internal/platform"
	"service/internal/platform/env"
)

// Layers add variables that a service of its own has, such as the URL of its database.
var environments []func(t testing.TB) map[string]string

// Service is one of its own, which ends with the test.
type Service struct {
	App *platform.App
	log *lines
	p   *platform.Process
	t   testing.TB
}

// New makes the service with these variables; others have their default, the value they have here, or their example.
func New(t testing.TB, overrides map[string]string) *Service {
	t.Helper()
	s := &Service{log: &lines{}, t: t}
	values := environment(t, overrides)
	s.p = platform.NewProcess(s.log, lookup(values))
	if s.p.Load() != 0 {
		s.p.Output.Flush(time.Second)
		t.Fatalf("the configuration is bad: %s", s.log.text())
	}
	app, err := platform.NewApp(s.p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Close)
	s.App = app
	return s
}

func environment(t testing.TB, overrides map[string]string) map[string]string {
	values := examples()
	for _, more := range environments {
		maps.Copy(values, more(t))
	}
	maps.Copy(values, overrides)
	return values
}

func examples() map[string]string {
	values := map[string]string{"LOG_LEVEL": "debug"}
	for name, example := range env.Examples() {
		if values[name] = os.Getenv(name); values[name] == "" {
			values[name] = example
		}
	}
	return values
}

func lookup(values map[string]string) env.Lookup {
	return func(name string) (string, bool) {
		value, isSet := values[name]
		return value, isSet
	}
}

// Answer is one of the service.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	t      testing.TB
}

// JSON fills `into` with the body.
func (a *Answer) JSON(into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		a.t.Fatalf("%s: %v", a.Body, err)
	}
}

// Do sends a request. A body that is no text is sent as JSON; headers are names and values by turns.
func (s *Service) Do(method, path string, body any, headers ...string) *Answer {
	s.t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request := httptest.NewRequest(method, path, content)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	s.App.ServeHTTP(recorder, request)
	return &Answer{recorder.Code, recorder.Header(), recorder.Body.Bytes(), s.t}
}

// Log is every line so far.
func (s *Service) Log() []map[string]any {
	s.p.Output.Flush(time.Second)
	return s.log.parsed(s.t)
}

// Run runs a verb to its end, and gives its exit code and lines.
func Run(t testing.TB, overrides map[string]string, args ...string) (int, []map[string]any) {
	t.Helper()
	log := &lines{}
	p := platform.NewProcess(log, lookup(environment(t, overrides)))
	code := p.Run(args)
	p.Output.Flush(time.Second)
	return code, log.parsed(t)
}

type lines struct {
	mutex   sync.Mutex
	written bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.written.Write(text)
}

func (l *lines) text() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.written.String()
}

func (l *lines) parsed(t testing.TB) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(l.text()), "\n") {
		one := map[string]any{}
		if err := json.Unmarshal([]byte(line), &one); err != nil && line != "" {
			t.Fatalf("no JSON: %s", line)
		}
		all = append(all, one)
	}
	return all
}
