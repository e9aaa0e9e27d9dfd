package web

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"service/internal/platform/problem"
)

const window = time.Minute

// limiter bounds how many requests one client address may make in a minute.
type limiter struct {
	most    int
	proxies int
	next    http.Handler
	// warn says that a proxy is in front that is not trusted.
	warn func()

	mutex sync.Mutex
	since time.Time
	seen  map[string]int
}

func (l *limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.most == 0 || operations[r.URL.Path] { // Probes have to be answered under load, of all times.
		l.next.ServeHTTP(w, r)
		return
	}
	if l.proxies == 0 && r.Header["X-Forwarded-For"] != nil {
		l.warn()
	}
	count, left := l.count(clientOf(r, l.proxies))
	header := w.Header()
	said := [...]string{strconv.Itoa(l.most), strconv.Itoa(max(0, l.most-count)), strconv.Itoa(left)}
	header["X-Ratelimit-Limit"], header["X-Ratelimit-Remaining"], header["X-Ratelimit-Reset"] = said[:1], said[1:2], said[2:]
	if count > l.most {
		problem.New(http.StatusTooManyRequests, "Rate limit exceeded, retry in "+strconv.Itoa(left)+" seconds").
			With("Retry-After", strconv.Itoa(left)).For(RequestID(r.Context())).Write(w)
		return
	}
	l.next.ServeHTTP(w, r)
}

// count says how many requests a client made in this minute, and how many seconds of it are left.
func (l *limiter) count(client string) (count, left int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := time.Now()
	if now.Sub(l.since) >= window { // All windows begin together: what is kept is bounded by the requests of a minute.
		l.since, l.seen = now, map[string]int{}
	}
	l.seen[client]++
	return l.seen[client], int(math.Ceil((window - now.Sub(l.since)).Seconds()))
}

// clientOf is the address that the farthest of the trusted proxies saw.
func clientOf(r *http.Request, proxies int) string {
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
	if proxies > 0 {
		hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
		if hop := strings.TrimSpace(hops[max(0, len(hops)-proxies)]); hop != "" {
			return hop
		}
	}
	return client
}
