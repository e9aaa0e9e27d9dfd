// Package web is what stands around every route: ids, traces, a line in the log, metrics, limits, problems.
package web

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"service/internal/platform/logging"
	"service/internal/platform/problem"
)

// What helmet answers by default: none of it depends on the request.
var constantHeaders = []struct {
	name  string
	value []string
}{
	{"Content-Security-Policy", []string{"default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Origin-Agent-Cluster", []string{"?1"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Strict-Transport-Security", []string{"max-age=31536000; includeSubDomains"}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"X-Dns-Prefetch-Control", []string{"off"}},
	{"X-Download-Options", []string{"noopen"}},
	{"X-Frame-Options", []string{"SAMEORIGIN"}},
	{"X-Permitted-Cross-Domain-Policies", []string{"none"}},
	{"X-Xss-Protection", []string{"0"}},
}

// IdleTimeout is above the idle time of the usual load balancers (60 s): they close first, so no request is lost.
const IdleTimeout = 72 * time.Second

var (
	goAway  = []string{"close"}
	goOn    = []string{"keep-alive"}
	howLong = []string{"timeout=" + strconv.Itoa(int(IdleTimeout.Seconds()))}
)

// requests gives each answer its constant headers, its request's id and a line in the log, and answers where a handler panics.
type requests struct {
	log     *logging.Logger
	drains  func() bool
	timeout time.Duration
	// most is how many bytes of a body are read.
	most    int64
	metrics *Metrics
	next    http.Handler
}

func (q *requests) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := time.Now()
	req := newRequest(w, r, q, from)
	header := w.Header()
	for _, one := range constantHeaders {
		header[one.name] = one.value
	}
	header["X-Request-Id"] = req.ids[:]
	if header["Connection"], header["Keep-Alive"] = goOn, howLong; q.drains() || r.Close {
		header["Connection"] = goAway
		delete(header, "Keep-Alive")
	}
	r = r.WithContext(req)
	if r.Body != http.NoBody {
		r.Body = http.MaxBytesReader(w, r.Body, q.most)
	}
	if r.ContentLength > q.most { // Nobody waits for what is refused in any case.
		r.Body = refusedBody{r.Body, &http.MaxBytesError{Limit: q.most}}
	}
	defer func() {
		isCut := req.recovered(recover())
		req.end()
		q.answered(r, req, from)
		if isCut {
			panic(http.ErrAbortHandler)
		}
	}()
	q.next.ServeHTTP(req, r)
}

// refusedBody is one that no handler reads.
type refusedBody struct {
	io.Closer
	why error
}

func (b refusedBody) Read([]byte) (int, error) { return 0, b.why }

// recovered answers where a handler panicked, or says that the connection has to break: what was sent of an answer is not whole,
// or the handler wants its caller to see that there is none.
func (r *request) recovered(thrown any) (isCut bool) {
	switch {
	case thrown == nil:
		return false
	case thrown == http.ErrAbortHandler:
		Log(r).Warn("the answer is cut off", "event.name", "http.aborted")
	default:
		Log(r).Error("request failed", "err", fmt.Sprint(thrown), "stack", string(debug.Stack()))
	}
	if r.status == 0 && thrown != http.ErrAbortHandler {
		problem.New(http.StatusInternalServerError, "").For(r.ids[0]).Write(r)
		return false
	}
	r.status = cmp.Or(r.status, http.StatusInternalServerError) // Of what nobody got.
	return true
}

// answered writes the line of a request, with neither path nor query: callers put credentials there.
func (q *requests) answered(r *http.Request, req *request, from time.Time) {
	now := time.Now()
	took := now.Sub(from)
	route, level := r.Pattern, slog.LevelInfo
	if route == "" {
		route = "unmatched"
	}
	if quiet[route] && req.status != http.StatusMethodNotAllowed {
		level = slog.LevelDebug
	}
	method := methodOf(r.Method)
	if req.status == 0 {
		req.status = http.StatusOK
	}
	q.metrics.observe(method, route, req.status, took)
	if !q.log.Has(level) {
		return
	}
	buffer := q.log.Begin(level, now)
	line := append(*buffer, `"event.name":"http.request","http.request.method":"`...)
	line = append(append(line, method...), '"')
	line = append(logging.AppendField(line, "http.route", route), `,"http.response.status_code":`...)
	line = append(strconv.AppendInt(line, int64(req.status), 10), `,"duration_ms":`...)
	line = strconv.AppendFloat(line, float64(took.Microseconds())/1000, 'f', -1, 64)
	req.mutex.Lock()
	*buffer = append(append(line, req.fields...), `,"msg":"request"`...)
	req.mutex.Unlock()
	q.log.End(buffer)
}

// methodOf is one of those that HTTP knows: a client may not choose labels of metrics.
func methodOf(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return method
	}
	return "_OTHER"
}
