package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"service/internal/platform/postgres"
	"service/internal/testkit"
)

// cable leads to the database until it is cut.
func cable(t *testing.T, database string) (address string, cut func()) {
	t.Helper()
	to, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	ends := []net.Conn{}
	keep := func(one net.Conn) {
		mutex.Lock()
		defer mutex.Unlock()
		ends = append(ends, one)
	}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			keep(near)
			far, err := net.Dial("tcp", to.Host)
			if err != nil {
				return
			}
			keep(far)
			go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
			go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
		}
	}()
	cut = func() {
		mutex.Lock()
		defer mutex.Unlock()
		_ = listener.Close()
		for _, one := range ends {
			_ = one.Close()
		}
	}
	t.Cleanup(cut)
	there := *to
	there.Host = listener.Addr().String()
	return there.String(), cut
}

func connect(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	options, err := pgx.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	postgres.Watch(options)
	conn, err := pgx.ConnectConfig(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestWhatTheDatabaseIsToBlameFor(t *testing.T) {
	database := testkit.EmptyDatabase(t)
	address, cut := cable(t, database)
	conn := connect(t, address)
	go func() {
		time.Sleep(100 * time.Millisecond)
		cut()
	}()
	_, whileItWorks := conn.Exec(t.Context(), "select pg_sleep(10)")
	_, afterwards := conn.Exec(t.Context(), "select 1")
	_, away := pgx.Connect(t.Context(), address)

	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, late := connect(t, database).Exec(short, "select pg_sleep(10)")
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, left := connect(t, database).Exec(gone, "select 1")
	_, wrong := connect(t, database).Exec(t.Context(), "select nonsense")
	_, noFile := os.ReadFile("/nowhere")
	for name, one := range map[string]struct {
		err                 error
		isUnavailable, busy bool
	}{
		"a connection that is cut":   {whileItWorks, true, false},
		"a connection that was cut":  {afterwards, true, false},
		"nothing listens":            {away, true, false},
		"its caller had no time":     {late, false, true},
		"its caller has gone":        {left, false, false},
		"a wrong statement":          {wrong, false, false},
		"no file":                    {noFile, false, false},
		"an error of the system":     {syscall.ECONNRESET, false, false},
		"another connection":         {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false, false},
		"another service's URL":      {&url.Error{Op: "Get", Err: io.EOF}, false, false},
		"a text that ends too early": {fmt.Errorf("parse: %w", io.ErrUnexpectedEOF), false, false},
		"a deadline of another":      {context.DeadlineExceeded, false, false},
	} {
		if one.err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wrapped := fmt.Errorf("wrapped: %w", errors.Join(one.err))
		if got := postgres.IsUnavailable(wrapped); got != one.isUnavailable {
			t.Errorf("%s: unavailable %t: %T %v", name, got, one.err, one.err)
		}
		if got := postgres.IsBusy(wrapped); got != one.busy && !one.isUnavailable {
			t.Errorf("%s: busy %t: %T %v", name, got, one.err, one.err)
		}
	}
}
