// Package platform makes a service of the features that register themselves.
package platform

import (
	"log/slog"
	"net/http"

	"service/internal/platform/env"
	"service/internal/platform/health"
	"service/internal/platform/web"
)

// App is what a feature works with.
type App struct {
	*web.API
	Config    *env.Config
	Log       *slog.Logger
	Readiness *health.Readiness
	// Redact takes credentials out of a text.
	Redact func(text string) string

	parts   map[any]any
	closers []func()
	handler http.Handler
}

var (
	features []func(*App)
	parts    []func(*App) error
)

// Feature is called in a package-level variable of a feature's own file: no list has to know it.
func Feature(register func(*App)) bool {
	features = append(features, register)
	return true
}

// Shared is something that features share, such as the client of another service: each app has its own.
type Shared[T any] struct{ name *string }

// Part says how that is made, before the features.
func Part[T any](make func(*App) (T, error)) Shared[T] {
	part := Shared[T]{new(string)}
	parts = append(parts, func(app *App) (err error) {
		app.parts[part.name], err = make(app)
		return err
	})
	return part
}

// Of gives what an app has of it.
func (s Shared[T]) Of(app *App) T {
	part, _ := app.parts[s.name].(T)
	return part
}

// NewApp is the whole service, ready to listen, but not listening.
func NewApp(p *Process) (*App, error) { return newApp(p, features) }

func newApp(p *Process, features []func(*App)) (*App, error) {
	metrics := web.NewMetrics()
	metrics.Count("log_lines_dropped_total", "Lines of the log that were dropped, because nobody read stdout.", p.Output.Dropped)
	app := &App{
		API: web.NewAPI(p.Config, metrics), Config: p.Config, Log: p.Log.Logger, Readiness: health.New(p.Log.Logger),
		Redact: p.Log.Redact, parts: map[any]any{},
	}
	for _, part := range parts {
		if err := part(app); err != nil {
			app.Close()
			return nil, err
		}
	}
	for _, register := range features {
		register(app)
	}
	app.handler = app.Handler(app.Readiness, p.Log)
	return app, nil
}

// ServeHTTP answers a request, as the service does.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// OnClose adds what gives something back at the end; the last comes first.
func (a *App) OnClose(closer func()) { a.closers = append(a.closers, closer) }

// Close gives back what it holds.
func (a *App) Close() {
	for i := len(a.closers) - 1; i >= 0; i-- {
		a.closers[i]()
	}
}
