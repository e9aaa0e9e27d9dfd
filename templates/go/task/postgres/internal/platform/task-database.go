package platform

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"service/internal/config"
	"service/internal/platform/postgres"
)

// WithDatabase gives `work` a pool of connections, and closes it afterwards. As in the service a query may take
// DATABASE_TIMEOUT_MS: what takes longer holds locks for longer, so split it into batches.
func (t *TaskContext) WithDatabase(ctx context.Context, work func(database *pgxpool.Pool) error) error {
	database, err := postgres.Open(ctx, t.Config, 2, config.DatabaseTimeout.In(t.Config))
	if err != nil {
		return err
	}
	defer database.Close()
	if err = work(database); err != nil && ctx.Err() == nil && postgres.IsUnavailable(err) {
		return TaskFailure{"database.unavailable", ExitUnavailable, err}
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
