// Package jobs keeps jobs in a table of the service: a job commits with the rows that it is about.
package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"service/internal/platform"
	"service/internal/platform/fields"
	"service/internal/platform/work"
)

// Job is what a job says. Its tags say what is valid (see package fields).
type Job interface {
	// Queue is where jobs of this kind wait.
	Queue() string
}

// Context is what a handler works with. The context beside it ends when the job takes too long.
type Context struct {
	// Tx is the transaction of the job: what is written here is there when the job is done, or not at all.
	Tx  pgx.Tx
	Log *slog.Logger
	// Attempt is 1 the first time.
	Attempt int
}

// Options of a worker. The zero value of each means what its comment says.
type Options struct {
	// Attempts is how often a job is tried before it stays as failed: 5.
	Attempts int
	// FirstDelay is the wait after the first attempt; it doubles with each, up to an hour: 1 s.
	FirstDelay time.Duration
	// Pause is how long to wait when the queue is empty: 1 s.
	Pause time.Duration
	// Limit is how long one job may take: 5 minutes.
	Limit time.Duration
}

// Querier is a pool, a connection or, so that the job is there with the change it belongs to or not at all, a transaction.
type Querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

const (
	longestError = 500
	claim        = `
		update jobs set attempts = attempts + 1,
			run_at = now() + least(interval '1 hour', $2 * interval '1 millisecond' * 2 ^ least(attempts, 30))
		where id = (
			select id from jobs where queue = $1 and failed_at is null and run_at <= now()
			order by run_at, id limit 1 for update skip locked
		)
		returning id, payload, attempts`
	hold     = `select true from jobs where id = $1 and attempts = $2 and failed_at is null for update`
	remember = `
		update jobs set error = $3, failed_at = case when attempts >= $4 then now() end,
			run_at = clock_timestamp() + least(interval '1 hour', $2 * interval '1 millisecond' * 2 ^ least(attempts - 1, 30))
		where id = $1 and attempts = $5 and failed_at is null`
	// The server may be set to end transactions that take long or idle, as this one does while the handler works. Only PostgreSQL 17
	// and later know the second setting.
	patience = `
		set local idle_in_transaction_session_timeout = 0;
		select set_config('transaction_timeout', '0', true) where current_setting('transaction_timeout', true) is not null`
)

// Enqueue adds a job to its queue, and gives its id. It refuses one that the worker could not read.
func Enqueue[J Job](ctx context.Context, database Querier, job J) (id int64, err error) {
	payload, err := json.Marshal(job)
	if err != nil {
		return 0, err
	}
	if _, err := fields.Decode[J](payload); err != nil {
		return 0, fmt.Errorf("a job of %s: %w", job.Queue(), err)
	}
	err = database.QueryRow(ctx, "insert into jobs (queue, payload) values ($1, $2) returning id", job.Queue(), payload).Scan(&id)
	return id, err
}

// Worker takes the jobs of a queue, one at a time; several processes share a queue.
//
// An attempt is counted first, in a transaction of its own, so that a job which kills its process does not do so for ever. Then the
// job is locked and handled inside another, and gone at its commit: it is done once, and what a killed worker leaves is free again
// after the delay.
func Worker[J Job](handle func(context.Context, J, Context) error, options Options) func(*platform.App) work.Work {
	options.Attempts = cmp.Or(options.Attempts, 5)
	options.FirstDelay = cmp.Or(options.FirstDelay, time.Second)
	options.Pause = cmp.Or(options.Pause, time.Second)
	options.Limit = cmp.Or(options.Limit, 5*time.Minute)
	return func(app *platform.App) work.Work {
		w := worker[J]{handle, options, app.Database(), app.Log, app.Redact}
		return work.Work{Pause: options.Pause, Limit: options.Limit, Do: w.do}
	}
}

type worker[J Job] struct {
	handle   func(context.Context, J, Context) error
	options  Options
	database *pgxpool.Pool
	log      *slog.Logger
	redact   func(string) string
}

type claimed struct {
	id       int64
	payload  []byte
	attempts int
}

func (w worker[J]) do(ctx context.Context) (work.Outcome, error) {
	var none J
	var job claimed
	err := w.database.QueryRow(ctx, claim, none.Queue(), w.options.FirstDelay.Milliseconds()).
		Scan(&job.id, &job.payload, &job.attempts)
	if errors.Is(err, pgx.ErrNoRows) {
		return work.Idle, nil
	}
	if err != nil {
		return work.Failed, err
	}
	return w.process(ctx, job)
}

// process handles a job that was claimed, unless another worker has it by now.
func (w worker[J]) process(ctx context.Context, job claimed) (work.Outcome, error) {
	var none J
	log := w.log.With("queue", none.Queue(), "job_id", fmt.Sprint(job.id), "attempt", job.attempts)
	steady := context.WithoutCancel(ctx)
	tx, err := w.database.Begin(steady)
	if err != nil {
		return work.Failed, err
	}
	defer func() { _ = tx.Rollback(steady) }() // After a commit it does nothing.
	if _, err := tx.Exec(steady, patience); err != nil {
		return work.Failed, err
	}
	var isHeld bool
	if err := tx.QueryRow(steady, hold, job.id, job.attempts).Scan(&isHeld); errors.Is(err, pgx.ErrNoRows) {
		return work.Idle, nil
	} else if err != nil {
		return work.Failed, err
	}
	failed := w.attempt(ctx, tx, log, job)
	outcome := work.Done
	if failed != nil {
		outcome = work.Retried
		if job.attempts >= w.options.Attempts {
			outcome = work.Failed
		}
		if err := w.remember(steady, tx, job, failed); err != nil {
			return work.Failed, errors.Join(failed, err)
		}
		log.Error("the attempt failed: "+string(outcome), "event.name", "job."+string(outcome), "err", failed)
	}
	if tx.Conn().IsClosed() {
		return outcome, nil // What failed is remembered on another connection.
	}
	if err := tx.Commit(steady); err != nil {
		return work.Failed, err
	}
	if failed == nil {
		log.Info("done", "event.name", "job.done")
	}
	return outcome, nil
}

// attempt handles the job inside a savepoint: what fails leaves nothing.
func (w worker[J]) attempt(ctx context.Context, tx pgx.Tx, log *slog.Logger, job claimed) (err error) {
	if job.attempts > w.options.Attempts {
		return errors.New("its worker ended before the job was done")
	}
	return pgx.BeginFunc(context.WithoutCancel(ctx), tx, func(savepoint pgx.Tx) (err error) {
		defer func() {
			if thrown := recover(); thrown != nil {
				err = fmt.Errorf("panic: %v", thrown)
			}
		}()
		payload, err := fields.Decode[J](job.payload)
		if err != nil {
			return err
		}
		if err := w.handle(ctx, payload, Context{savepoint, log, job.attempts}); err != nil {
			return err
		}
		_, err = savepoint.Exec(context.WithoutCancel(ctx), "delete from jobs where id = $1", job.id)
		return err
	})
}

// remember writes why it failed and when it is tried again. The job is still locked, so nobody takes it before. A query that was
// broken off has closed the connection, and with it the lock: then the claim keeps others away for the delay.
func (w worker[J]) remember(ctx context.Context, tx pgx.Tx, job claimed, failed error) error {
	reason := []rune(w.redact(failed.Error()))
	args := []any{
		job.id, w.options.FirstDelay.Milliseconds(), string(reason[:min(len(reason), longestError)]), w.options.Attempts, job.attempts,
	}
	var err error
	if tx.Conn().IsClosed() {
		_, err = w.database.Exec(ctx, remember, args...)
	} else {
		_, err = tx.Exec(ctx, remember, args...)
	}
	return err
}
