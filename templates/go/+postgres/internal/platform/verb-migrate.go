package platform

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/migrate"
	"service/internal/platform/postgres"
	"service/migrations"
)

var _ = Verb("migrate", func(p *Process, args []string) int {
	var way string
	steps, err := 1, error(nil)
	if len(args) > 0 {
		way = args[0]
	}
	if way == "--down" && len(args) == 2 {
		steps, err = strconv.Atoi(args[1])
	}
	if isKnown := way == "" || way == "--status" || way == "--down"; !isKnown || err != nil || steps < 0 ||
		len(args) > 1 && (way != "--down" || len(args) > 2) {
		return p.Usage("usage: migrate [--status | --down [N]]")
	}
	stop := p.Stop()
	if code := p.Load(); code != 0 {
		return code
	}
	go func() { // The server rolls back what is under way.
		p.Log.Warn("interrupted", "event.name", "migrate.interrupted", "signal", <-stop)
		p.Output.Flush(time.Second)
		os.Exit(ExitFailed)
	}()
	code, err := p.migrate(way, steps)
	if err != nil {
		return p.migrateFailed(err)
	}
	return code
})

func (p *Process) migrate(way string, steps int) (int, error) {
	var files fs.FS = migrations.Files
	// Another folder is for tests of this verb. Whoever changes a schema by it reads so in the log.
	if folder, _ := p.lookup("TWELVE_MIGRATIONS"); folder != "" {
		files = os.DirFS(folder)
		if way != "--status" {
			p.Log.Warn("the migrations are those of TWELVE_MIGRATIONS, not of this program", "event.name", "migrate.replaced", "folder", folder)
		}
	}
	all, err := migrate.Read(files)
	if err != nil {
		return 0, err
	}
	ctx := context.Background()
	runner := migrate.Runner{
		URL: config.DatabaseURL.In(p.Config), Migrations: all, Patience: config.MigrateLockTimeout.In(p.Config), Log: p.Log.Logger,
	}
	switch way {
	case "--status":
		status, err := runner.Status(ctx)
		if err != nil {
			return 0, err
		}
		p.Print(status)
		if len(status.Pending) > 0 {
			return ExitPending, nil
		}
	case "--down":
		reverted, err := runner.Down(ctx, steps)
		if err != nil {
			return 0, err
		}
		p.Log.Info("reverted", "event.name", "migrate.reverted", "migrations", reverted)
	default:
		applied, err := runner.Up(ctx)
		if err != nil {
			return 0, err
		}
		p.Log.Info("the schema is current", "event.name", "migrate.applied", "migrations", applied)
	}
	return 0, nil
}

func (p *Process) migrateFailed(err error) int {
	var (
		failed *migrate.Failed
		edited migrate.Edited
		bad    migrate.BadURL
	)
	switch {
	case errors.As(err, &bad):
		return p.BadConfig(err.Error(), env.Problem{Name: config.DatabaseURL.Name, Reason: err.Error()})
	case errors.As(err, &edited):
		p.Log.Fatal(err.Error(), "event.name", "migrate.edited", "migrations", []string(edited))
	case errors.As(err, &failed):
		fields := []any{"event.name", "migrate.failed", "migration", failed.Migration, "reverted", failed.Reverted}
		if code := postgres.CodeOf(err); code != "" {
			fields = append(fields, slog.Group("err", "type", "DatabaseError", "code", code))
		}
		p.Log.Fatal(err.Error(), fields...)
	case postgres.IsUnavailable(err):
		p.Log.Fatal(err.Error(), "event.name", "database.unavailable")
		return ExitUnavailable
	case postgres.CodeOf(err) != "": // Outside a migration, such as a right that the role lacks.
		p.Log.Fatal("the database refused to migrate: "+err.Error(), "event.name", "migrate.refused", "code", postgres.CodeOf(err))
	default:
		p.Log.Fatal(err.Error(), "event.name", "failed")
	}
	return ExitFailed
}
