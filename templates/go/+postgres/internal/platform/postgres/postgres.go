// Package postgres connects the service to its database.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"service/internal/config"
	"service/internal/platform/env"
)

const connectTimeout = time.Second

// Open makes a pool of at most so many connections, each of whose statements the server gives up in time. It connects when it
// is asked, heals by itself when the server was away, and reads the password again for each connection.
func Open(ctx context.Context, c *env.Config, most int, patience time.Duration) (*pgxpool.Pool, error) {
	options, err := pgxpool.ParseConfig(config.DatabaseURL.In(c))
	if err != nil {
		return nil, fmt.Errorf("open the pool: %w", err)
	}
	options.MaxConns = int32(most)
	options.ConnConfig.ConnectTimeout = connectTimeout
	options.ConnConfig.RuntimeParams["statement_timeout"] = fmt.Sprint(patience.Milliseconds())
	options.ConnConfig.Tracer = &Queue{}
	Watch(options.ConnConfig)
	options.BeforeConnect = func(_ context.Context, one *pgx.ConnConfig) error {
		url, err := config.DatabaseURL.Again(c)
		if err == nil {
			if latest, err := pgx.ParseConfig(url); err == nil {
				one.User, one.Password = latest.User, latest.Password
			}
		}
		return nil
	}
	return pgxpool.NewWithConfig(ctx, options)
}

// Unavailable is what a verb ends with when the server is away.
type Unavailable struct{ Err error }

func (u Unavailable) Error() string { return "the database is unavailable: " + u.Err.Error() }
func (u Unavailable) Unwrap() error { return u.Err }

// IsUnavailable says whether an error means that the server is away, rather than that a query is wrong.
func IsUnavailable(err error) bool {
	if code := CodeOf(err); code != "" {
		// Class 08: connection; 28: a password that is no longer good; 53: resources; 57P: the operator stops the server.
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "28") || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P")
	}
	if errors.Is(err, context.Canceled) {
		return false // By the caller.
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.As(err, new(broken)) || errors.As(err, new(Unavailable)) ||
		errors.Is(err, pgconn.ErrConnClosed)
}

// IsBusy says whether others were in the way, or it took too long: later the same query may succeed.
func IsBusy(err error) bool {
	switch CodeOf(err) {
	case "57014", "55P03", "40P01", "40001":
		return true
	}
	return pgconn.Timeout(err) && !errors.Is(err, context.Canceled)
}

// IsUniqueViolation says whether a row with this unique value is there already.
func IsUniqueViolation(err error) bool { return CodeOf(err) == "23505" }

// CodeOf is what the server calls an error of its own, or nothing.
func CodeOf(err error) string {
	if server := (*pgconn.PgError)(nil); errors.As(err, &server) {
		return server.Code
	}
	return ""
}
