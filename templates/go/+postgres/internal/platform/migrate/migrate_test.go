package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"service/internal/platform/migrate"
	"service/internal/testkit"
)

// files makes a folder of names and scripts: 0001_a has an up and a down.
func files(scripts ...string) fstest.MapFS {
	folder := fstest.MapFS{}
	for i := 0; i+2 < len(scripts); i += 3 {
		folder[scripts[i]+".up.sql"] = &fstest.MapFile{Data: []byte(scripts[i+1])}
		folder[scripts[i]+".down.sql"] = &fstest.MapFile{Data: []byte(scripts[i+2])}
	}
	return folder
}

func runner(t *testing.T, url string, folder fstest.MapFS) migrate.Runner {
	t.Helper()
	all, err := migrate.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	return migrate.Runner{URL: url, Migrations: all, Patience: 5 * time.Second, Log: slog.New(slog.DiscardHandler)}
}

func ask(t *testing.T, url, sql string) (answer string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(context.Background(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

const alone = "-- migrate:no-transaction\n"

func TestUpAndDown(t *testing.T) {
	url, ctx := testkit.EmptyDatabase(t), context.Background()
	r := runner(t, url, files("0002_b", alone+"create index concurrently b on a (id)", alone+"drop index concurrently b",
		"0001_a", "create table a (id int)", "drop table a"))
	if status, err := r.Status(ctx); err != nil || fmt.Sprint(status) != "{[] [0001_a 0002_b]}" {
		t.Fatal(status, err)
	}
	for _, want := range []string{"[0001_a 0002_b]", "[]"} {
		if applied, err := r.Up(ctx); err != nil || fmt.Sprint(applied) != want {
			t.Fatal(applied, err)
		}
	}
	if status, err := r.Status(ctx); err != nil || fmt.Sprint(status) != "{[0001_a 0002_b] []}" {
		t.Fatal(status, err)
	}
	for _, want := range []string{"[0002_b]", "[0001_a]", "[]"} {
		if reverted, err := r.Down(ctx, 1); err != nil || fmt.Sprint(reverted) != want {
			t.Fatal(reverted, err)
		}
	}
}

func TestManyTogether(t *testing.T) {
	url := testkit.EmptyDatabase(t)
	folder := files("0001_a", "create table a (id int); insert into a select 1; select pg_sleep(0.1)", "drop table a")
	var all sync.WaitGroup
	for range 4 {
		r := runner(t, url, folder)
		all.Go(func() {
			if _, err := r.Up(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := ask(t, url, "select count(*)::text from a"); got != "1" {
		t.Error(got)
	}
}

func TestFailuresChangeNothing(t *testing.T) {
	for script, want := range map[string]string{
		"create table b (id int);\nselect nonsense": "(line 2)",
		"create table b (id int); commit; select 1": "do not belong in the file",
		"-- nothing": "no statement yet",
		alone + "create table b (id int); drop table missing": "one statement",
		alone + "create index concurrently b on missing (id)": "does not exist",
		"\xff": "not UTF-8",
	} {
		url := testkit.EmptyDatabase(t)
		_, err := runner(t, url, files("0001_a", "create table a (id int)", "drop table a", "0002_b", script, "select 1")).Up(context.Background())
		var failed *migrate.Failed
		if !errors.As(err, &failed) || failed.Migration != "0002_b" || !failed.Reverted || !strings.Contains(failed.Reason, want) {
			t.Errorf("%s: %v", script, err)
		}
		if got := ask(t, url, "select count(*)::text || coalesce(to_regclass('b')::text, '') from schema_migrations"); got != "1" {
			t.Errorf("%s: %s", script, got)
		}
	}
}

func TestWhatWasAppliedStays(t *testing.T) {
	url, ctx := testkit.EmptyDatabase(t), context.Background()
	if _, err := runner(t, url, files("0001_a", "select 1", "select 1")).Up(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := runner(t, url, files("0001_a", "select 1;\r\n", "select 1")).Up(ctx); err == nil || err.Error() != "edited after it was applied: 0001_a" {
		t.Error(err)
	}
	if _, err := runner(t, url, files("0001_a", "\xef\xbb\xbfselect 1", "select 1")).Up(ctx); err != nil {
		t.Error(err)
	}
	if applied, err := runner(t, url, files()).Up(ctx); err != nil || len(applied) != 0 {
		t.Error("a version that is older", applied, err)
	}
	if _, err := runner(t, url, files()).Down(ctx, 1); err == nil {
		t.Error("reverted without a file")
	}
}

func TestAnIndexThatWasLeftHalfMadeIsMadeAgain(t *testing.T) {
	url, ctx := testkit.EmptyDatabase(t), context.Background()
	script := alone + "create unique index concurrently b on a (id)"
	r := runner(t, url, files("0001_a", "create table a (id int); insert into a values (1), (1)", "drop table a", "0002_b", script, "drop index b"))
	if _, err := r.Up(ctx); err == nil {
		t.Fatal("two rows are equal")
	}
	testkit.Execute(t, url, "delete from a")
	if applied, err := r.Up(ctx); err != nil || fmt.Sprint(applied) != "[0002_b]" {
		t.Fatal(applied, err)
	}
	if got := ask(t, url, "select indisvalid::text from pg_index where indexrelid = 'b'::regclass"); got != "true" {
		t.Error(got)
	}
}

func TestFoldersAreRefused(t *testing.T) {
	folder := files("0001_a", "select 1", "select 1", "0001_b", "select 1", "select 1")
	folder["x.sql"] = &fstest.MapFile{}
	delete(folder, "0001_b.down.sql")
	_, err := migrate.Read(folder)
	for _, want := range []string{"bad migrations: ", "0001_b.down.sql is missing", "x.sql belongs to no migration", "has the number of another"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}
