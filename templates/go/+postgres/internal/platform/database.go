package platform

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"service/internal/config"
	"service/internal/platform/postgres"
	"service/internal/platform/problem"
)

// Database is a pool of connections to PostgreSQL.
func (a *App) Database() *pgxpool.Pool { return database.Of(a) }

var database = Part(func(app *App) (*pgxpool.Pool, error) {
	ctx := context.Background()
	pool, err := postgres.Open(ctx, app.Config, config.DatabasePoolMax.In(app.Config), config.DatabaseTimeout.In(app.Config))
	if err != nil {
		return nil, err
	}
	app.OnClose(pool.Close)
	// A connection of its own: readiness does not queue behind requests.
	probe, err := postgres.Open(ctx, app.Config, 1, time.Second)
	if err != nil {
		return nil, err
	}
	app.OnClose(probe.Close)
	app.Readiness.Require("database", func(ctx context.Context) error {
		_, err := probe.Exec(ctx, "select 1")
		return err
	})
	app.Explain(func(err error) *problem.Error {
		if !postgres.IsUnavailable(err) && !postgres.IsBusy(err) {
			return nil
		}
		return problem.New(http.StatusServiceUnavailable, "The database does not answer in time.").With("Retry-After", "1")
	})
	gauge := func(name, help string, read func(*pgxpool.Stat) int32) {
		app.Metrics.Gauge(name, help, func() float64 { return float64(read(pool.Stat())) })
	}
	gauge("database_pool_open", "Open connections of the pool.", (*pgxpool.Stat).TotalConns)
	gauge("database_pool_idle", "Connections that no query uses.", (*pgxpool.Stat).IdleConns)
	gauge("database_pool_max", "Connections at most.", (*pgxpool.Stat).MaxConns)
	app.Metrics.Gauge("database_pool_waiting", "Queries without a connection.", postgres.Waiting(pool))
	return pool, nil
})
