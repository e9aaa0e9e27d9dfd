package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"service/internal/localdb"
	"service/internal/platform"
)

func init() {
	environments = append(environments, func(t testing.TB) map[string]string {
		return map[string]string{"DATABASE_URL": Database(t)}
	})
}

var server = sync.OnceValues(func() (*localdb.Database, error) {
	database, err := localdb.Open("")
	if err == nil {
		fmt.Fprintln(os.Stderr, database.How)
	}
	return database, err
})

// EmptyDatabase is the URL of an empty schema of its own, which is dropped after the test.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	database, err := server()
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	Execute(t, database.URL, "create schema "+schema)
	t.Cleanup(func() { Execute(t, database.URL, "drop schema "+schema+" cascade") })
	address, err := url.Parse(database.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = query.Encode()
	return address.String()
}

// Database is the same with all migrations.
func Database(t testing.TB) string {
	t.Helper()
	database := EmptyDatabase(t)
	log := &lines{}
	values := examples()
	values["DATABASE_URL"] = database
	p := platform.NewProcess(log, lookup(values))
	if code := p.Run([]string{"migrate"}); code != 0 {
		p.Output.Flush(time.Second)
		t.Fatalf("migrate exits with %d: %s", code, log.text())
	}
	return database
}

// Execute runs statements on a connection of its own.
func Execute(t testing.TB, database, sql string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}
