package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"service/internal/platform/postgres"
)

// BadURL says why the server cannot do what DATABASE_URL asks for.
type BadURL string

func (b BadURL) Error() string { return string(b) }

// session opens one, and closes it.
func (r Runner) session(ctx context.Context, work func(*pgx.Conn) error) error {
	options, err := pgx.ParseConfig(r.URL)
	if err != nil {
		return BadURL("cannot be used")
	}
	options.ConnectTimeout = 5 * time.Second
	options.DefaultQueryExecMode = pgx.QueryExecModeExec
	postgres.Watch(options)
	conn, err := pgx.ConnectConfig(ctx, options)
	if err != nil {
		// What the options of the URL set is unknown to the server, or has a value that it refuses.
		if server := serverError(err); server != nil && (strings.HasPrefix(server.Code, "22") || strings.HasPrefix(server.Code, "42")) {
			return BadURL("the database refuses DATABASE_URL: " + server.Message)
		}
		return postgres.Unavailable{Err: err}
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// A migration that was killed would otherwise keep its lock until the statement that it left is done.
	if _, err := conn.Exec(ctx, `select set_config(name, '1s', false) from pg_settings
	  where name = 'client_connection_check_interval'`); err != nil {
		return postgres.Unavailable{Err: err}
	}
	return work(conn)
}

// lock waits until no other process migrates this schema. It ends with the session. It polls: a session that blocks on the
// lock holds a snapshot, for which CREATE INDEX CONCURRENTLY of the lock's owner would wait in turn.
func lock(ctx context.Context, conn *pgx.Conn, patience time.Duration) error {
	const tryLock = `select pg_try_advisory_lock(hashtextextended(concat('migrate ', current_schema()), 0))`
	for until := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		var isLocked bool
		if err := conn.QueryRow(ctx, tryLock).Scan(&isLocked); err != nil || isLocked {
			return err
		}
		if time.Now().After(until) {
			return fmt.Errorf("another migration did not finish within %d ms", patience.Milliseconds())
		}
	}
}

func serverError(err error) *pgconn.PgError {
	var server *pgconn.PgError
	errors.As(err, &server)
	return server
}

func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// line says in which line of a script a place is, which is counted in characters from 1.
func line(sql string, position int32) string {
	if position < 1 {
		return ""
	}
	before := []rune(sql)
	before = before[:min(int(position)-1, len(before))]
	return fmt.Sprintf(" (line %d)", strings.Count(string(before), "\n")+1)
}
