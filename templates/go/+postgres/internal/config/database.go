package config

import (
	"errors"
	"io/fs"
	"regexp"

	"github.com/jackc/pgx/v5"

	"service/internal/platform/env"
)

// Above what needs it: variables are declared in the order of their initialisation.
var certificates = regexp.MustCompile(`[?&]ssl(rootcert|cert|key)=`)

// Where the data of the service are.
var (
	DatabaseURL = env.URL(env.Spec{
		Name:        "DATABASE_URL",
		Description: "PostgreSQL that holds the data of the service.",
		Example:     "postgres://user:password@127.0.0.1:5432/database",
		Secret:      true,
	}, checkDatabase, "postgres", "postgresql")
	DatabasePoolMax = env.Int(env.Spec{
		Name: "DATABASE_POOL_MAX", Description: "Connections for requests that one process opens at most.", Default: "10",
	}, 1, 1000)
	DatabaseTimeout = env.Millis(env.Spec{
		Name: "DATABASE_TIMEOUT_MS", Description: "How long a query may take.", Default: "5000",
	}, 1)
	MigrateLockTimeout = env.Millis(env.Spec{
		Name:        "MIGRATE_LOCK_TIMEOUT_MS",
		Description: "How long a migration waits for another to finish, and for locks on its tables.",
		Default:     "60000",
	}, 0)
)

// checkDatabase asks the driver, whose own words repeat the URL.
func checkDatabase(url string) error {
	_, err := pgx.ParseConfig(url)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("has a file in sslrootcert, sslcert or sslkey that cannot be read (ENOENT)")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("has a file in sslrootcert, sslcert or sslkey that cannot be read (EACCES)")
	case certificates.MatchString(url):
		return errors.New("has a file in sslrootcert, sslcert or sslkey that is not PEM, or cannot be read")
	}
	return errors.New("cannot be used: the driver does not read it")
}
