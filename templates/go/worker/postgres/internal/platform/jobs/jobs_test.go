package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"service/internal/platform"
	"service/internal/platform/fields"
	"service/internal/platform/jobs"
	"service/internal/platform/work"
	"service/internal/testkit"
)

type counted struct {
	N int `json:"n" minimum:"0"`
}

func (counted) Queue() string { return "counted" }

func newApp(t *testing.T) *platform.App {
	t.Helper()
	app := testkit.New(t, map[string]string{"DATABASE_TIMEOUT_MS": "500"}).App
	execute(t, app, "create table handled (n integer not null)")
	return app
}

func execute(t *testing.T, app *platform.App, sql string, args ...any) {
	t.Helper()
	if _, err := app.Database().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, app *platform.App, n int) int64 {
	t.Helper()
	id, err := jobs.Enqueue(t.Context(), app.Database(), counted{n})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// query gives the one value of the one row that a query has.
func query[T any](t *testing.T, app *platform.App, sql string) (value T) {
	t.Helper()
	if err := app.Database().QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func write(ctx context.Context, job counted, c jobs.Context) error {
	_, err := c.Tx.Exec(ctx, "insert into handled (n) values ($1)", job.N)
	return err
}

func expect(t *testing.T, w work.Work, expected work.Outcome) {
	t.Helper()
	if outcome, err := w.Do(t.Context()); err != nil || outcome != expected {
		t.Errorf("%s, not %s: %v", outcome, expected, err)
	}
}

func TestEachOfManyJobsIsDoneOnceByTwoWorkers(t *testing.T) {
	app := newApp(t)
	for n := range 50 {
		add(t, app, n)
	}
	var all sync.WaitGroup
	for range 2 {
		worker := jobs.Worker(write, jobs.Options{})(app)
		all.Go(func() {
			for {
				outcome, err := worker.Do(t.Context())
				if err != nil {
					t.Error(err)
				}
				if outcome != work.Done {
					return
				}
			}
		})
	}
	all.Wait()
	if done := query[int](t, app, "select count(distinct n) from handled having count(*) = 50"); done != 50 {
		t.Errorf("%d of 50", done)
	}
}

func TestAFailingJobIsTriedAgainLaterAndLeavesNothing(t *testing.T) {
	app := newApp(t)
	add(t, app, 1)
	worker := jobs.Worker(func(ctx context.Context, job counted, c jobs.Context) error {
		if err := write(ctx, job, c); err != nil || c.Attempt == 3 {
			return err
		}
		if c.Attempt == 2 {
			panic("again")
		}
		return errors.New("not yet")
	}, jobs.Options{FirstDelay: 200 * time.Millisecond})(app)
	begun := time.Now()
	expect(t, worker, work.Retried)
	expect(t, worker, work.Idle)
	time.Sleep(220 * time.Millisecond)
	expect(t, worker, work.Retried)
	time.Sleep(220 * time.Millisecond)
	if time.Since(begun) < 580*time.Millisecond {
		expect(t, worker, work.Idle)
	}
	time.Sleep(220 * time.Millisecond)
	expect(t, worker, work.Done)
	if rows := query[int](t, app, "select count(*) from handled"); rows != 1 {
		t.Errorf("%d rows", rows)
	}
}

func TestAfterItsAttemptsItStaysWithTheErrorButNoSecret(t *testing.T) {
	app := newApp(t)
	add(t, app, 1)
	worker := jobs.Worker(func(context.Context, counted, jobs.Context) error {
		return errors.New("no answer from https://me:hunter2@example.com")
	}, jobs.Options{Attempts: 1})(app)
	expect(t, worker, work.Failed)
	expect(t, worker, work.Idle)
	said := query[string](t, app, "select error from jobs where failed_at is not null")
	if !strings.HasPrefix(said, "no answer from ") || strings.Contains(said, "hunter2") {
		t.Error(said)
	}
}

func TestAJobThatEndedItsWorkerEachTimeIsNotTriedForEver(t *testing.T) {
	app := newApp(t)
	id := add(t, app, 1)
	execute(t, app, "update jobs set attempts = 5 where id = $1", id)
	worker := jobs.Worker(func(context.Context, counted, jobs.Context) error {
		t.Error("it is not to be handled")
		return nil
	}, jobs.Options{})(app)
	expect(t, worker, work.Failed)
	if said := query[string](t, app, "select error from jobs"); !strings.Contains(said, "worker ended") {
		t.Error(said)
	}
}

func TestAJobMayTakeLongerThanAQueryAndIsLockedMeanwhile(t *testing.T) {
	app := newApp(t)
	add(t, app, 1)
	other := jobs.Worker(write, jobs.Options{})(app)
	worker := jobs.Worker(func(ctx context.Context, job counted, c jobs.Context) error {
		time.Sleep(700 * time.Millisecond)
		expect(t, other, work.Idle)
		return write(ctx, job, c)
	}, jobs.Options{FirstDelay: time.Millisecond})(app)
	expect(t, worker, work.Done)
	if left := query[int](t, app, "select count(*) from jobs"); left != 0 {
		t.Errorf("%d jobs", left)
	}
}

func TestAJobThatIsBrokenOffIsTriedAgain(t *testing.T) {
	app := newApp(t)
	add(t, app, 1)
	worker := jobs.Worker(func(ctx context.Context, job counted, c jobs.Context) error {
		_, err := c.Tx.Exec(ctx, "select pg_sleep(0.4)")
		return err
	}, jobs.Options{FirstDelay: 10 * time.Millisecond})(app)
	limited, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if outcome, err := worker.Do(limited); err != nil || outcome != work.Retried {
		t.Errorf("%s, %v", outcome, err)
	}
	if said := query[string](t, app, "select error from jobs where failed_at is null and attempts = 1"); said == "" {
		t.Error("no error is remembered")
	}
	time.Sleep(20 * time.Millisecond)
	expect(t, worker, work.Done)
}

func TestAPayloadThatTheWorkerCouldNotReadIsNotTaken(t *testing.T) {
	app := newApp(t)
	if _, err := jobs.Enqueue(t.Context(), app.Database(), counted{-1}); !errors.Is(err, fields.ErrMismatch) {
		t.Error(err)
	}
}
