package migrate

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"service/internal/platform/postgres"
)

// Who waits for a lock on a table makes everybody wait who comes after: never for longer than this, and then they get their turn.
const (
	lockTimeout = 500 * time.Millisecond
	lockPause   = time.Second
)

// What a script set must not decide who writes the history, and how.
const asConnected = "reset session authorization; reset role; reset all"

// Failed says which migration failed.
type Failed struct {
	Migration string
	// Reverted says that nothing stays of it.
	Reverted bool
	Reason   string
	// Cause is what the server said, or nil for a script that was not run.
	Cause error
}

func (f *Failed) Error() string { return f.Migration + " failed: " + f.Reason }

func (f *Failed) Unwrap() error { return f.Cause }

// Edited are migrations whose files were changed after they were applied.
type Edited []string

func (e Edited) Error() string { return "edited after it was applied: " + strings.Join(e, ", ") }

// Status is what was applied, in that order, and what is pending.
type Status struct {
	Applied []string `json:"applied"`
	Pending []string `json:"pending"`
}

// Runner applies and takes back the migrations of a service.
type Runner struct {
	URL        string
	Migrations []Migration
	// Patience is how long it waits for another process, and for locks on tables.
	Patience time.Duration
	Log      *slog.Logger
}

// Up applies what is pending, and returns the names of what it applied.
func (r Runner) Up(ctx context.Context) ([]string, error) {
	return r.oneByOne(ctx, true, func(entries []entry, _ int) (*Migration, error) {
		pending, err := r.pending(entries)
		if err != nil || len(pending) == 0 {
			return nil, err
		}
		return &pending[0], nil
	})
}

// Down takes back the last `steps` migrations, and returns their names.
func (r Runner) Down(ctx context.Context, steps int) ([]string, error) {
	return r.oneByOne(ctx, false, func(entries []entry, done int) (*Migration, error) {
		if len(entries) == 0 || done == steps {
			return nil, nil
		}
		last := entries[len(entries)-1].Name
		at := slices.IndexFunc(r.Migrations, func(m Migration) bool { return m.Name == last })
		if at < 0 {
			return nil, fmt.Errorf("cannot revert %s: this version has no such migration", last)
		}
		return &r.Migrations[at], nil
	})
}

// Status changes nothing.
func (r Runner) Status(ctx context.Context) (Status, error) {
	status := Status{Applied: []string{}, Pending: []string{}}
	err := r.session(ctx, func(conn *pgx.Conn) error {
		_, entries, err := r.read(ctx, conn)
		if err != nil {
			return err
		}
		for _, one := range entries {
			if one.Finished {
				status.Applied = append(status.Applied, one.Name)
			}
		}
		pending, err := r.pending(entries)
		for _, one := range pending {
			status.Pending = append(status.Pending, one.Name)
		}
		return err
	})
	return status, err
}

func (r Runner) read(ctx context.Context, conn *pgx.Conn) (history, []entry, error) {
	history, err := findHistory(ctx, conn, r.Migrations)
	if err != nil {
		return history, nil, err
	}
	entries, err := history.read(ctx)
	return history, entries, err
}

// pending fails with [Edited]. A migration that has no file is one of a newer version, which is being rolled back.
func (r Runner) pending(entries []entry) (pending []Migration, err error) {
	applied := map[string]string{}
	for _, one := range entries {
		if one.Finished {
			applied[one.Name] = one.Checksum
		}
	}
	var edited Edited
	for _, m := range r.Migrations {
		if checksum, isApplied := applied[m.Name]; !isApplied {
			pending = append(pending, m)
		} else if checksum != m.checksum {
			edited = append(edited, m.Name)
		}
	}
	if edited != nil {
		return nil, edited
	}
	return pending, nil
}

// oneByOne runs what `choose` returns until that is nothing, each under the lock and in a session of its own: what one sets or
// leaves there is gone for the next.
func (r Runner) oneByOne(ctx context.Context, up bool, choose func(entries []entry, done int) (*Migration, error)) ([]string, error) {
	done := []string{}
	for {
		var next *Migration
		err := r.session(ctx, func(conn *pgx.Conn) error {
			if err := lock(ctx, conn, r.Patience); err != nil {
				return err
			}
			history, entries, err := r.read(ctx, conn)
			if err != nil {
				return err
			}
			if next, err = choose(entries, len(done)); next == nil || err != nil {
				return err
			}
			return r.run(ctx, history, *next, up, entries)
		})
		if err != nil || next == nil {
			return done, err
		}
		done = append(done, next.Name)
	}
}

func (r Runner) run(ctx context.Context, h history, m Migration, up bool, entries []entry) error {
	way := m.down
	if up {
		way = m.up
	}
	if way.fault != nil {
		return &Failed{m.Name, true, way.fault.Error(), nil}
	}
	if err := h.create(ctx); err != nil {
		return err
	}
	switch {
	case !way.isAlone:
		return r.inTransaction(ctx, h, m, way.sql, up)
	case up:
		return applyAlone(ctx, h, m, entries)
	}
	return revertAlone(ctx, h, m)
}

// inTransaction runs a script and its record both or not at all; where others use its tables, again and again.
func (r Runner) inTransaction(ctx context.Context, h history, m Migration, sql string, up bool) error {
	until := time.Now().Add(r.Patience)
	for isFirst := true; ; isFirst = false {
		err := pgx.BeginFunc(ctx, h.conn, func(tx pgx.Tx) error {
			// Inside a block of PL/pgSQL the server itself refuses whatever would end the transaction.
			block := "do " + literal("begin execute "+literal(sql)+"; end")
			timeout := fmt.Sprintf("set local lock_timeout = %d", lockTimeout.Milliseconds())
			for _, statement := range []string{timeout, block, asConnected} {
				if _, err := tx.Conn().PgConn().Exec(ctx, statement).ReadAll(); err != nil {
					return err
				}
			}
			if up {
				return h.remember(ctx, m, true)
			}
			return h.forget(ctx, m)
		})
		// Without a connection nobody knows: a commit may have arrived.
		if err == nil || postgres.IsUnavailable(err) {
			return err
		}
		if server := serverError(err); server == nil || server.Code != "55P03" || time.Now().After(until) {
			return &Failed{m.Name, true, explained(err, sql), err}
		}
		if isFirst {
			r.Log.Warn("others use a table of the migration: trying again until they let go of it",
				"event.name", "migrate.waiting", "migration", m.Name, "patience_ms", r.Patience.Milliseconds())
		}
		time.Sleep(lockPause)
	}
}

// explained adds where it is, and what to do, to an error whose words do not say it.
func explained(err error, sql string) string {
	server := serverError(err)
	if server == nil {
		return err.Error()
	}
	text := server.Message
	if server.InternalQuery == sql { // Else it is a statement of a function that the script calls.
		text += line(sql, server.InternalPosition)
	}
	switch {
	case server.Code == "55P03":
		text += ": others use its table: try again when they are done, or raise MIGRATE_LOCK_TIMEOUT_MS"
	case server.Routine == "exec_stmt_dynexecute":
		text += ": begin, commit, rollback, savepoint and a select into at its end do not belong in the file"
	}
	return text
}
