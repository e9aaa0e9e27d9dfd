package platform

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"service/internal/platform/server"
	"service/internal/platform/work"
)

var workers = map[string]func(*App) work.Work{}

// Worker adds what `worker NAME` runs. It is called from a package-level variable of the worker's own file. The app has the backing
// services of the web, and no routes but those that operate the service.
func Worker(name string, create func(*App) work.Work) bool {
	workers[name] = create
	return true
}

var _ = Verb("worker", runWorker)

// runWorker works until told to stop. Liveness asks nobody, here too: a unit of work that hangs ends the process instead, which
// frees its work at once and works under a supervisor that does not act on health.
func runWorker(p *Process, args []string) int {
	create := workers[strings.Join(args, " ")]
	if create == nil {
		known := strings.Join(slices.Sorted(maps.Keys(workers)), ", ")
		return p.Usage("worker takes one name, expected one of: " + known)
	}
	stop := p.Stop()
	if code := p.Load(); code != 0 {
		return code
	}
	app, err := newApp(p, nil)
	if err != nil {
		p.Log.Fatal("the worker cannot start", "err", err)
		return ExitFailed
	}
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "worker_work_duration_seconds",
		Help:    "Duration of units of work.",
		Buckets: []float64{0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300},
	}, []string{"worker", "outcome"})
	app.Metrics.Registry.MustRegister(duration)
	return server.Server{
		Config: p.Config, Handler: app, Readiness: app.Readiness, Log: p.Log, Close: app.Close,
		Work: func(ctx context.Context) error {
			return work.Loop(ctx, app.Log, create(app), func(outcome work.Outcome, took time.Duration) {
				duration.WithLabelValues(args[0], string(outcome)).Observe(took.Seconds())
			})
		},
	}.Run(stop)
}
