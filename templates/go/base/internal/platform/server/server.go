// Package server listens, and stops as an orchestrator expects: no new connection, every request that has begun is answered,
// and within a budget.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/health"
	"service/internal/platform/logging"
	"service/internal/platform/web"
)

const (
	patience = 10 * time.Second
	// How long connections without a request stay once the delay is over: a client that is about to send one is told by
	// `Connection: close`, instead of finding it reset.
	idleGrace = 250 * time.Millisecond
	// net/http reads 4 KiB more.
	maxHeader = 12 << 10
)

// Server serves a handler until it is told to stop.
type Server struct {
	Config    *env.Config
	Handler   http.Handler
	Readiness *health.Readiness
	Log       *logging.Logger
	// Work is what a worker does besides, or nil: it ends when its context does.
	Work func(context.Context) error
	// Close gives back what the handler holds, or is nil. Only a clean stop calls it: it may wait for what hangs, and with the
	// process all of it is gone anyway.
	Close func()
}

// Run serves until `stop` says a signal, and answers the exit code.
func (s Server) Run(stop <-chan string) int {
	clientTimeout := min(patience, config.RequestTimeout.In(s.Config))
	listener, err := s.listen()
	if err != nil {
		s.Log.Fatal(err.Error(), "event.name", "listen.failed")
		return 1
	}
	connections := &connections{Listener: listener, open: map[net.Conn]http.ConnState{}}
	connections.stall.Store(int64(clientTimeout))
	server := &http.Server{
		Handler:           s.Handler,
		ReadHeaderTimeout: clientTimeout,
		ReadTimeout:       config.RequestTimeout.In(s.Config),
		IdleTimeout:       web.IdleTimeout,
		MaxHeaderBytes:    maxHeader,
		ConnState:         connections.watch,
		// A handler answers OPTIONS * too: every answer has an id and a line.
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug), // Broken connections: nobody has to read it.
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(connections) }()
	address, _ := listener.Addr().(*net.TCPAddr)
	s.Log.Info("listening on "+urlOf(address), "event.name", "listening",
		"server.address", address.IP.String(), "server.port", address.Port)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var worked chan error
	if s.Work != nil {
		worked = make(chan error, 1)
		go func() { worked <- s.Work(ctx) }()
	}
	select {
	case err := <-ended:
		s.Log.Fatal("the server ended", "err", err)
		return 1
	case err := <-worked:
		s.Log.Fatal("the worker ended", "event.name", "worker.stuck", "err", err)
		return 1
	case signal := <-stop:
		s.Readiness.Draining.Store(true)
		s.Log.Info("stopping", "event.name", "shutdown.started", "signal", signal)
		cancel()
		return s.drain(server, connections, worked)
	}
}

func (s Server) drain(server *http.Server, connections *connections, worked <-chan error) int {
	budget, delay := config.ShutdownTimeout.In(s.Config), config.ShutdownDelay.In(s.Config)
	ctx, cancel := context.WithTimeout(context.Background(), budget)
	defer cancel()
	time.Sleep(delay)
	stall := (budget - delay) / 4
	connections.close(stall)
	time.Sleep(min(idleGrace, (budget-delay)/2))
	connections.closeSilent()
	connections.awaitHeads(stall)
	err := server.Shutdown(ctx)
	if worked != nil && err == nil {
		err = within(ctx, func() { <-worked })
	}
	if s.Close != nil && err == nil {
		err = within(ctx, s.Close)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.Log.Error(fmt.Sprintf("not drained within %d ms, exiting", budget.Milliseconds()), "event.name", "shutdown.timeout")
		return 1
	}
	s.Log.Info("stopped", "event.name", "shutdown.done")
	return 0
}

// within waits for what may not end.
func within(ctx context.Context, do func()) error {
	done := make(chan struct{})
	go func() {
		do()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s Server) listen() (net.Listener, error) {
	host, port := config.Host.In(s.Config), config.Port.In(s.Config)
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %d of %s is already in use: stop what listens there, or set PORT", port, host)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("port %d needs a privilege that the process does not have", port)
	}
	return listener, err
}

// urlOf is an address for a browser.
func urlOf(address *net.TCPAddr) string {
	if address.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", address.Port)
	}
	return "http://" + address.String()
}
