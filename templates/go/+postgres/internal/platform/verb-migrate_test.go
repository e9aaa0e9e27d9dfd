package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"service/internal/testkit"
)

// oneMigration is a folder with a migration: those of the service are its owner's.
func oneMigration(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, sql := range map[string]string{"0001_a.up.sql": "create table a ()", "0001_a.down.sql": "drop table a"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(sql), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestMigrationsOfAnotherFolder(t *testing.T) {
	folder := oneMigration(t)
	environment := map[string]string{"DATABASE_URL": testkit.EmptyDatabase(t), "TWELVE_MIGRATIONS": folder}
	code, lines := testkit.Run(t, environment, "migrate")
	if code != 0 || len(lines) != 2 || lines[0]["event.name"] != "migrate.replaced" {
		t.Error(code, lines)
	}
	environment["TWELVE_MIGRATIONS"] = "/nowhere"
	code, lines = testkit.Run(t, environment, "migrate")
	if last := lines[len(lines)-1]; code != 1 || last["event.name"] != "failed" {
		t.Error(code, lines)
	}
	environment["DATABASE_URL"], environment["TWELVE_MIGRATIONS"] = "postgres://nobody@127.0.0.1:1/none", folder
	code, lines = testkit.Run(t, environment, "migrate")
	if last := lines[len(lines)-1]; code != 69 || last["event.name"] != "database.unavailable" {
		t.Error(code, lines)
	}
}

func TestTheVerb(t *testing.T) {
	own := map[string]string{"DATABASE_URL": testkit.EmptyDatabase(t), "TWELVE_MIGRATIONS": oneMigration(t)}
	for _, one := range []struct {
		args string
		env  map[string]string
		code int
	}{
		{"migrate --status", own, 3}, {"migrate", own, 0}, {"migrate --status", own, 0}, {"migrate --down", own, 0}, {"migrate --down 0", own, 0},
		{"migrate --up", own, 64}, {"migrate --down x", own, 64}, {"migrate", map[string]string{"DATABASE_URL": "postgres://127.0.0.1:1/x"}, 69},
		{"migrate", map[string]string{"DATABASE_URL": own["DATABASE_URL"] + "&nonsense=1"}, 78},
	} {
		if code, lines := testkit.Run(t, one.env, strings.Fields(one.args)...); code != one.code {
			t.Errorf("%s: %d %v", one.args, code, lines)
		}
	}
}
