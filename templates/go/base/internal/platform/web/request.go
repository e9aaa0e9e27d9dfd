package web

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"service/internal/platform/logging"
)

// request is what the service knows of a request while it answers it. It is the writer of the answer and the context too: one
// object serves a request.
type request struct {
	http.ResponseWriter
	deadline
	ids    [1]string
	trace  []string
	given  http.Header
	status int
	base   *logging.Logger

	// A context is for many goroutines.
	mutex sync.Mutex
	log   *slog.Logger
	// fields are those of each line about the request, as JSON.
	fields []byte
	room   [160]byte
}

// deadline is a context that ends at a time. Its timer starts when somebody waits for it: most are answered before.
type deadline struct {
	parent context.Context
	at     time.Time
	once   sync.Once
	timed  context.Context
	cancel context.CancelFunc
}

func (d *deadline) context() context.Context {
	d.once.Do(func() { d.timed, d.cancel = context.WithDeadline(d.parent, d.at) })
	return d.timed
}

func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

func (d *deadline) Done() <-chan struct{} { return d.context().Done() }

func (d *deadline) Err() error { return d.context().Err() }

// end lets go of all who wait. Nobody begins to wait afterwards: they find it over.
func (d *deadline) end() {
	d.once.Do(func() { d.timed, d.cancel = over, func() {} })
	d.cancel()
}

var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

type requestKey struct{}

func (r *request) Value(key any) any {
	if _, isOwn := key.(requestKey); isOwn {
		return r
	}
	return r.context().Value(key)
}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{log: slog.Default()}
}

// Log is the log of a request: its lines have the request's id and trace.
func Log(ctx context.Context) *slog.Logger {
	r := requestOf(ctx)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.logger()
}

func (r *request) logger() *slog.Logger {
	if r.log == nil { // Most requests log one line, which needs none.
		r.log = r.base.Logger
		if r.ids[0] != "" {
			r.log = r.log.With("request_id", r.ids[0])
		}
		if r.trace != nil {
			r.log = r.log.With("trace_id", r.trace[0], "span_id", r.trace[1])
		}
	}
	return r.log
}

// RequestID is what the log calls a request.
func RequestID(ctx context.Context) string { return requestOf(ctx).ids[0] }

// AddField puts a field into all further lines of a request, and into that of its answer. Outside of a request it does nothing.
func AddField(ctx context.Context, name, value string) {
	r := requestOf(ctx)
	if r.base == nil {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.log = r.logger().With(name, value)
	r.fields = r.base.AppendSafeField(r.fields, name, value)
}

// PassOn gives a call to another service the id and the trace of the request that it is made for.
func PassOn(ctx context.Context, header http.Header) {
	r := requestOf(ctx)
	if r.ids[0] != "" {
		header.Set("X-Request-Id", r.ids[0])
	}
	if r.trace != nil {
		header["Traceparent"], header["Tracestate"] = r.given["Traceparent"], r.given["Tracestate"]
	}
}

var (
	wellFormedID = regexp.MustCompile(`^[\w.:~-]{1,128}$`)
	// W3C Trace Context: version 00 ends after the flags, later ones may go on.
	traceparent = regexp.MustCompile(`^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$`)
)

func newRequest(w http.ResponseWriter, r *http.Request, q *requests, from time.Time) *request {
	req := &request{ResponseWriter: w, trace: callersTrace(r.Header), given: r.Header, base: q.log}
	req.parent, req.at = r.Context(), from.Add(q.timeout)
	given := r.Header["X-Request-Id"]
	if len(given) != 1 || !wellFormedID.MatchString(given[0]) || q.log.Redact(given[0]) != given[0] {
		given = []string{NewID()}
	}
	req.ids[0] = given[0]
	req.fields = logging.AppendField(req.room[:0], "request_id", given[0])
	if req.trace != nil {
		req.fields = logging.AppendField(logging.AppendField(req.fields, "trace_id", req.trace[0]), "span_id", req.trace[1])
	}
	return req
}

// NewID is one for a request whose caller gave none.
func NewID() string {
	text := make([]byte, 0, 32)
	for range 2 { // The first bit only keeps the zeros in front.
		text = strconv.AppendUint(text, rand.Uint64()|1<<63, 16)
	}
	return string(text)
}

// callersTrace is the trace and the span of the caller: the trace finds our lines though we export no span.
func callersTrace(header http.Header) []string {
	given := header["Traceparent"]
	if len(given) != 1 {
		return nil
	}
	match := traceparent.FindStringSubmatch(given[0])
	if match == nil || match[1] == "ff" || match[1] == "00" && match[4] != "" ||
		strings.Trim(match[2], "0") == "" || strings.Trim(match[3], "0") == "" {
		return nil
	}
	return match[2:4]
}

func (r *request) WriteHeader(status int) {
	if r.status < 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *request) Write(bytes []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(bytes)
}

// Unwrap lets http.ResponseController find what is inside.
func (r *request) Unwrap() http.ResponseWriter { return r.ResponseWriter }
