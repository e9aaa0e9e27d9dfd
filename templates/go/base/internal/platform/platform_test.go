package platform_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform"
	"service/internal/platform/fields"
	"service/internal/platform/problem"
	"service/internal/platform/web"
	"service/internal/testkit"
)

type nothing struct{}

var _ = platform.Feature(func(app *platform.App) {
	for path, answer := range map[string]func(context.Context) error{
		"/test/panic":   func(context.Context) error { panic("password=hunter2") },
		"/test/failure": func(context.Context) error { return errors.New("nobody foresaw it") },
		"/test/teapot": func(context.Context) error {
			return fmt.Errorf("wrapped: %w", problem.New(418, "No coffee.").With("X-Tea", "green"))
		},
		"/test/late": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"/test/field": func(ctx context.Context) error {
			web.AddField(ctx, "feature_flag.x", "on")
			web.Log(ctx).Info("asked")
			return nil
		},
		"/test/fields": func(ctx context.Context) error {
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() { web.AddField(ctx, fmt.Sprint("field.", i), "a\x01b"); web.Log(ctx).Debug("added") })
			}
			all.Wait()
			web.Log(ctx).Info("asked")
			return nil
		},
		"/test/secret": func(ctx context.Context) error { web.AddField(ctx, "authorization", "hunter2"); return nil },
	} {
		fields.Register(app, huma.Operation{Method: "GET", Path: path}, func(ctx context.Context, _ *nothing) (*nothing, error) {
			return nil, answer(ctx)
		})
	}
})

var _ = platform.Feature(func(app *platform.App) {
	for path, answer := range map[string]http.HandlerFunc{
		"/test/abort":       func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"/test/abort-later": func(w http.ResponseWriter, _ *http.Request) { begin(w); panic(http.ErrAbortHandler) },
		"/test/panic-later": func(w http.ResponseWriter, _ *http.Request) { begin(w); panic("nobody foresaw it") },
	} {
		app.Route(&huma.Operation{Method: "GET", Path: path, Responses: map[string]*huma.Response{}}, answer)
	}
})

// begin sends a part of an answer.
func begin(w http.ResponseWriter) {
	_, _ = io.WriteString(w, "half")
	_ = http.NewResponseController(w).Flush()
}

type long struct {
	Body struct {
		Text string `json:"text"`
	}
}

var _ = platform.Feature(func(app *platform.App) {
	fields.Register(app, huma.Operation{Method: "POST", Path: "/test/long"}, func(context.Context, *long) (*nothing, error) {
		return nil, nil
	})
	fields.Register(app, huma.Operation{Method: "GET", Path: "/test/long"}, func(context.Context, *nothing) (*long, error) {
		answer := &long{}
		answer.Body.Text = strings.Repeat("x", 10_000)
		return answer, nil
	})
})

func TestABodyThatSaysThatItIsTooLargeIsNotRead(t *testing.T) {
	s := testkit.New(t, nil)
	request := httptest.NewRequest("POST", "/test/long", iotest.ErrReader(errors.New("it was read")))
	request.Header.Set("Content-Type", "application/json")
	for length, want := range map[int64]int{1 << 30: http.StatusRequestEntityTooLarge, 1: http.StatusBadRequest} {
		answer := httptest.NewRecorder()
		request.ContentLength = length
		if s.App.ServeHTTP(answer, request); answer.Code != want {
			t.Error(length, answer.Code)
		}
	}
}

func TestALongAnswerSaysItsLength(t *testing.T) {
	got := testkit.New(t, nil).Do("GET", "/test/long", nil)
	if length := got.Header.Get("Content-Length"); length != fmt.Sprint(len(got.Body)) || len(got.Body) < 10_000 {
		t.Error(length, len(got.Body))
	}
}

// silent keeps nothing of an answer.
type silent struct{ header http.Header }

func (s silent) Header() http.Header             { return s.header }
func (silent) WriteHeader(int)                   {}
func (silent) Write(content []byte) (int, error) { return len(content), nil }

func TestARequestAllocatesLittle(t *testing.T) {
	app, answer := testkit.New(t, map[string]string{"RATE_LIMIT_PER_MINUTE": "0"}).App, silent{http.Header{}}
	request := httptest.NewRequest("GET", "/test/long", nil)
	if count := testing.AllocsPerRun(100, func() { app.ServeHTTP(answer, request) }); count > 25 {
		t.Errorf("%v allocations", count)
	}
}

func TestFailures(t *testing.T) {
	s := testkit.New(t, map[string]string{"HANDLER_TIMEOUT_MS": "50"})
	for path, want := range map[string]string{
		"/test/panic":   `{"type":"about:blank","title":"Internal Server Error","status":500,"request_id":"me"}`,
		"/test/failure": `{"type":"about:blank","title":"Internal Server Error","status":500,"request_id":"me"}`,
		"/test/teapot":  `{"type":"about:blank","title":"I'm a Teapot","status":418,"detail":"No coffee.","request_id":"me"}`,
		"/nowhere":      `{"type":"about:blank","title":"Not Found","status":404,"detail":"/openapi.json has every path of this service.","request_id":"me"}`,
	} {
		got := s.Do("GET", path, nil, "X-Request-Id", "me")
		if strings.TrimSpace(string(got.Body)) != want || got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", path, got.Body)
		}
	}
	if got := s.Do("GET", "/test/teapot", nil); got.Header.Get("X-Tea") != "green" {
		t.Error(got.Header)
	}
	if got := s.Do("GET", "/test/late", nil); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Error(got.Status, got.Header)
	}
	if got := s.Do("POST", "/test/late", nil); got.Status != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, HEAD" {
		t.Error(got.Status, got.Header)
	}
}

func TestTheLineOfARequest(t *testing.T) {
	s := testkit.New(t, nil)
	trace := strings.Repeat("a", 32)
	s.Do("GET", "/test/field", nil, "X-Request-Id", "me", "Traceparent", "00-"+trace+"-"+strings.Repeat("b", 16)+"-01")
	lines := s.Log()
	last := lines[len(lines)-1]
	for name, want := range map[string]any{
		"level": "info", "msg": "request", "event.name": "http.request", "http.request.method": "GET", "http.route": "/test/field",
		"http.response.status_code": 200.0, "request_id": "me", "trace_id": trace, "feature_flag.x": "on",
	} {
		if last[name] != want {
			t.Errorf("%s: %v, not %v", name, last[name], want)
		}
	}
	if asked := lines[len(lines)-2]; asked["msg"] != "asked" || asked["request_id"] != "me" || asked["feature_flag.x"] != "on" {
		t.Error(asked)
	}
}

func TestFieldsOfManyGoroutinesOfARequest(t *testing.T) {
	s := testkit.New(t, nil)
	s.Do("GET", "/test/fields", nil)
	lines := s.Log()
	for _, line := range lines[len(lines)-2:] {
		for i := range 20 {
			if name := fmt.Sprint("field.", i); line[name] != "a\x01b" {
				t.Errorf("%s: %v in %v", name, line[name], line)
			}
		}
	}
}

func TestACredentialInAFieldIsWrittenInNoLine(t *testing.T) {
	s := testkit.New(t, nil)
	s.Do("GET", "/test/secret", nil)
	if log := fmt.Sprint(s.Log()); strings.Contains(log, "hunter2") || strings.Count(log, "authorization:***") != 1 {
		t.Error(log)
	}
}

func TestAnAnswerThatIsCutOffIsNotWhole(t *testing.T) {
	s := testkit.New(t, nil)
	server := httptest.NewServer(s.App)
	defer server.Close()
	for path, status := range map[string]float64{"/test/abort": 500, "/test/abort-later": 200, "/test/panic-later": 200} {
		answer, err := http.Get(server.URL + path)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: %s", path, answer.Status)
		}
		lines := s.Log()
		if last := lines[len(lines)-1]; last["http.route"] != path || last["http.response.status_code"] != status {
			t.Errorf("%s: %v", path, last)
		}
	}
}

func TestOperations(t *testing.T) {
	s := testkit.New(t, map[string]string{"RATE_LIMIT_PER_MINUTE": "2"})
	for path, want := range map[string]string{
		"/livez": `{"status":"live"}`, "/readyz": `{"status":"ready"`, "/version": `{"name":"`, "/openapi.json": `"/test/teapot"`,
	} {
		if got := s.Do("GET", path, nil); got.Status != 200 || !strings.Contains(string(got.Body), want) {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	for _, want := range []int{404, 404, 429} {
		if got := s.Do("GET", "/nowhere", nil, "X-Forwarded-For", "a"); got.Status != want {
			t.Errorf("%d, not %d", got.Status, want)
		}
	}
	metrics := string(s.Do("GET", "/metrics", nil).Body)
	for _, want := range []string{`http_request_method="GET",http_response_status_code="429",http_route="unmatched"`, "log_lines_dropped_total 0"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s", want)
		}
	}
	if log := fmt.Sprint(s.Log()); strings.Count(log, "proxy.untrusted") != 1 {
		t.Error(log)
	}
	s.App.Readiness.Draining.Store(true)
	if got := s.Do("GET", "/readyz", nil); got.Status != 503 || got.Header.Get("Connection") != "close" {
		t.Error(got.Status, got.Header)
	}
}

func TestVerbs(t *testing.T) {
	for _, one := range []struct {
		args  string
		env   map[string]string
		code  int
		event string
	}{
		{"config --check", nil, 0, ""},
		{"config --schema", nil, 0, ""},
		{"version", nil, 0, ""},
		{"config", nil, 64, "usage"},
		{"nonsense", nil, 64, "usage"},
		{"version 2", nil, 64, "usage"},
		{"config --check", map[string]string{"PORT": "eighty", "LOG_LEVEL": "loud"}, 78, "config.invalid"},
		{"config --check", map[string]string{"SHUTDOWN_DELAY_MS": "8000"}, 78, "config.invalid"},
		{"healthcheck", map[string]string{"PORT": "1"}, 1, "unhealthy"},
		{"healthcheck", map[string]string{"PORT": "x"}, 78, "config.invalid"},
		{"web", map[string]string{"PORT": "x"}, 78, "config.invalid"},
	} {
		code, lines := testkit.Run(t, one.env, strings.Fields(one.args)...)
		if event, _ := lines[len(lines)-1]["event.name"].(string); code != one.code || event != one.event {
			t.Errorf("%s %v: %d %v", one.args, one.env, code, lines)
		}
	}
}
