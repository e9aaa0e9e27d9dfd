package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"service/internal/platform/env"
	"service/internal/platform/health"
	"service/internal/platform/logging"
)

type lines struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.Buffer.Write(text)
}

func (l *lines) has(text string) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return strings.Contains(l.String(), text)
}

type running struct {
	address string
	stop    chan string
	code    chan int
	log     *lines
}

// serve runs a server on a free port.
func serve(t *testing.T, handler http.HandlerFunc, overrides ...string) running {
	t.Helper()
	return start(t, Server{Handler: handler}, overrides...)
}

func start(t *testing.T, s Server, overrides ...string) running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	_ = listener.Close()
	values := map[string]string{"HOST": "127.0.0.1", "PORT": port}
	for name, example := range env.Examples() {
		values[name] = example
	}
	for i := 0; i+1 < len(overrides); i += 2 {
		values[overrides[i]] = overrides[i+1]
	}
	c, err := env.Load(func(name string) (string, bool) { return values[name], values[name] != "" })
	if err != nil {
		t.Fatal(err)
	}
	r := running{"127.0.0.1:" + port, make(chan string, 1), make(chan int, 1), &lines{}}
	s.Config, s.Readiness, s.Log = c, health.New(slog.New(slog.DiscardHandler)), logging.New(r.log, logging.Options{Level: "info"})
	go func() { r.code <- s.Run(r.stop) }()
	for until := time.Now().Add(5 * time.Second); !r.log.has(`"event.name":"listening"`); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("it does not listen")
		}
	}
	return r
}

func (r running) dial(t *testing.T, request string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, _ = io.WriteString(conn, request)
	return conn
}

func TestWhatHasBegunIsAnswered(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	r := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/quick" {
			return
		}
		begun <- true
		<-end
		_, _ = io.WriteString(w, "done")
	})
	silent := r.dial(t, "")
	half := r.dial(t, "GET / HTTP/1.1\r\nHo")
	later := r.dial(t, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
	answers := bufio.NewReader(later)
	if answer, err := http.ReadResponse(answers, nil); err != nil || answer.ContentLength != 0 {
		t.Fatal(answer, err)
	}
	_, _ = io.WriteString(later, "GET / HTTP/1.1\r\nHo")
	busy := r.dial(t, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	<-begun
	r.stop <- "SIGTERM"
	time.Sleep(2 * idleGrace)
	if _, err := net.Dial("tcp", r.address); err == nil {
		t.Error("a new connection was taken")
	}
	_ = silent.SetReadDeadline(time.Now().Add(time.Second))
	if _, err := silent.Read(make([]byte, 1)); err != io.EOF {
		t.Error("a silent connection is open", err)
	}
	for name, one := range map[string]net.Conn{"the first one": half, "another": later} {
		_, _ = io.WriteString(one, "st: a\r\n\r\n")
		select {
		case <-begun:
		case <-time.After(3 * time.Second):
			t.Error("half a head was cut off:", name)
		}
	}
	close(end)
	for _, reader := range []*bufio.Reader{bufio.NewReader(half), answers, bufio.NewReader(busy)} {
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(answer.Body); string(body) != "done" {
			t.Error(string(body))
		}
	}
	if code := <-r.code; code != 0 || !r.log.has("shutdown.done") {
		t.Error(code, r.log)
	}
}

func TestAHandlerAnswersWhateverHasAHead(t *testing.T) {
	r := serve(t, http.NotFound)
	for _, request := range []string{"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"} {
		answer, err := http.ReadResponse(bufio.NewReader(r.dial(t, request)), nil)
		if err != nil || answer.StatusCode != http.StatusNotFound {
			t.Errorf("%.10s: %v %v", request, answer, err)
		}
	}
	r.stop <- "SIGTERM"
	<-r.code
}

func TestHalfAHeadHoldsNoStopUp(t *testing.T) {
	r := serve(t, http.NotFound, "SHUTDOWN_TIMEOUT_MS", "8000")
	r.dial(t, "GET / HTTP/1.1\r\nHo")
	time.Sleep(50 * time.Millisecond)
	begun := time.Now()
	r.stop <- "SIGTERM"
	if code := <-r.code; code != 0 || time.Since(begun) > 7*time.Second {
		t.Error(code, time.Since(begun), r.log)
	}
}

func TestAStopHasABudget(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	defer close(end)
	r := serve(t, func(http.ResponseWriter, *http.Request) { begun <- true; <-end }, "SHUTDOWN_TIMEOUT_MS", "300")
	r.dial(t, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	<-begun
	r.stop <- "SIGTERM"
	if code := <-r.code; code != 1 || !r.log.has("shutdown.timeout") {
		t.Error(code, r.log)
	}
}

func TestWhatHangsIsNotWaitedForAtTheEnd(t *testing.T) {
	forEver := make(chan bool)
	t.Cleanup(func() { close(forEver) })
	hang := func() { <-forEver }
	for name, one := range map[string]struct {
		server Server
		signal bool
		event  string
	}{
		"what it holds":               {Server{Close: hang}, true, "shutdown.timeout"},
		"work that does not stop":     {Server{Close: hang, Work: func(context.Context) error { hang(); return nil }}, true, "shutdown.timeout"},
		"what work that is stuck has": {Server{Close: hang, Work: func(context.Context) error { return errors.New("stuck") }}, false, "worker.stuck"},
	} {
		t.Run(name, func(t *testing.T) {
			one.server.Handler = http.NotFoundHandler()
			r := start(t, one.server, "SHUTDOWN_TIMEOUT_MS", "300")
			if one.signal {
				r.stop <- "SIGTERM"
			}
			select {
			case code := <-r.code:
				if code != 1 || !r.log.has(one.event) {
					t.Error(code, r.log)
				}
			case <-time.After(3 * time.Second):
				t.Error("it does not end", r.log)
			}
		})
	}
}

func TestACleanStopGivesBackWhatItHolds(t *testing.T) {
	isClosed := false
	r := start(t, Server{Handler: http.NotFoundHandler(), Close: func() { isClosed = true }})
	r.stop <- "SIGTERM"
	if code := <-r.code; code != 0 || !isClosed {
		t.Error(code, isClosed, r.log)
	}
}

func TestAPortInUseIsSaid(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	log := &lines{}
	c, err := env.Load(func(name string) (string, bool) {
		value := map[string]string{"HOST": "127.0.0.1", "PORT": port}[name]
		if value == "" {
			value = env.Examples()[name]
		}
		return value, value != ""
	})
	if err != nil {
		t.Fatal(err)
	}
	if code := (Server{Config: c, Log: logging.New(log, logging.Options{})}).Run(nil); code != 1 || !log.has("is already in use") {
		t.Error(code, log)
	}
}

func TestRefusalsOfNetHTTPAreProblems(t *testing.T) {
	r := serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "its own", 400) })
	for request, want := range map[string]string{
		"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n": "400 The URL is malformed.",
		"GET / HTTP/1.1\r\n\r\n":               "400 There has to be one Host.",
		"HELLO\r\n\r\n":                        "400 ",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n":       "400 about:blank",
		"GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n":                   "417 Nothing but 100-continue may be expected.",
		"GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 20_000) + "\r\n\r\n": "431 ",
	} {
		answer, err := http.ReadResponse(bufio.NewReader(r.dial(t, request)), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		status, detail, _ := strings.Cut(want, " ")
		if answer.Header.Get("Content-Type") != "application/problem+json" || fmt.Sprint(answer.StatusCode) != status || !strings.Contains(string(body), detail) {
			t.Errorf("%.30q: %d %s", request, answer.StatusCode, body)
		}
	}
	answer, err := http.Get("http://" + r.address)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(answer.Body); string(body) != "its own\n" {
		t.Error(string(body))
	}
	r.stop <- "SIGINT"
	<-r.code
}

func TestAClientThatStopsInTheMiddleIsTold(t *testing.T) {
	read := make(chan error, 1)
	r := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		read <- err
	}, "REQUEST_TIMEOUT_MS", "200")
	for request, want := range map[string]int{
		"GET / HTTP/1.1\r\nHo": http.StatusRequestTimeout,
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{": http.StatusOK, // The handler says what it is.
	} {
		answer, err := http.ReadResponse(bufio.NewReader(r.dial(t, request)), nil)
		if err != nil || answer.StatusCode != want || !answer.Close {
			t.Errorf("%q: %v %v", request, answer, err)
		}
	}
	if err := <-read; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
	silent := r.dial(t, "")
	if said, err := io.ReadAll(silent); len(said) > 0 || err != nil {
		t.Errorf("who said nothing was answered: %q %v", said, err)
	}
	r.stop <- "SIGTERM"
	<-r.code
}

func TestAClientMayBeSlowButNotStall(t *testing.T) {
	ended := make(chan time.Duration, 1)
	r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		from, content := time.Now(), make([]byte, 1<<20)
		for err := error(nil); err == nil && time.Since(from) < 10*time.Second; {
			_, err = w.Write(content)
		}
		ended <- time.Since(from)
	}, "REQUEST_TIMEOUT_MS", "400")
	client := r.dial(t, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	const slow = 800 * time.Millisecond
	for from := time.Now(); time.Since(from) < slow; time.Sleep(50 * time.Millisecond) {
		if _, err := io.ReadFull(client, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if took := <-ended; took < slow || took > 5*time.Second {
		t.Error(took)
	}
	r.stop <- "SIGINT"
	<-r.code
}

func TestAClientMayNotStallInASecondAnswer(t *testing.T) {
	ended := make(chan struct{})
	r := serve(t, func(w http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/small" {
			return
		}
		for err := error(nil); err == nil; {
			_, err = w.Write(make([]byte, 1<<20))
		}
		close(ended)
	}, "REQUEST_TIMEOUT_MS", "400")
	r.dial(t, "GET /small HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the client takes nothing, and the connection is still open")
	}
	r.stop <- "SIGINT"
	<-r.code
}
