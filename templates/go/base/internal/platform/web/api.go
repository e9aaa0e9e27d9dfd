package web

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/health"
	"service/internal/platform/identity"
	"service/internal/platform/logging"
	"service/internal/platform/problem"
)

// API is every route of the service, with all that stands around them.
type API struct {
	Metrics  *Metrics
	document *huma.OpenAPI
	router   router
	config   *env.Config
	names    map[string]bool
	problems map[string]*huma.MediaType
	explains []func(error) *problem.Error
}

// NewAPI makes one without a route.
func NewAPI(c *env.Config, metrics *Metrics) *API {
	license := identity.License
	if license == "UNLICENSED" { // What is no licence has no identifier of SPDX.
		license = "LicenseRef-UNLICENSED"
	}
	schemas := huma.NewMapRegistry("#/components/schemas/", func(of reflect.Type, hint string) string {
		if of == reflect.TypeFor[problem.Error]() {
			return "Problem"
		}
		return huma.DefaultSchemaNamer(of, hint)
	})
	return &API{
		Metrics: metrics, config: c, names: map[string]bool{},
		document: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: identity.Name, Description: identity.Description, Version: identity.Version,
				Contact: &huma.Contact{Name: identity.Author},
				License: &huma.License{Name: identity.License, Identifier: license},
			},
			Servers:    []*huma.Server{{URL: "/"}},
			Components: &huma.Components{Schemas: schemas},
		},
		problems: map[string]*huma.MediaType{
			"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[problem.Error](), true, "Problem")},
		},
	}
}

// Route describes an operation, and has its requests answered.
func (a *API) Route(op *huma.Operation, handler http.HandlerFunc) {
	a.describe(op)
	a.router.HandleFunc(op.Method+" "+op.Path, handler)
}

// Explain adds what makes a problem of an error that only a client or a database knows; nil for any other.
func (a *API) Explain(explain func(error) *problem.Error) { a.explains = append(a.explains, explain) }

// Handler is the whole service. No route is added after it was called.
func (a *API) Handler(readiness *health.Readiness, log *logging.Logger) http.Handler {
	a.addOperations(readiness)
	limited := &limiter{
		most: config.RateLimit.In(a.config), proxies: config.TrustedProxies.In(a.config), next: &a.router,
		warn: sync.OnceFunc(func() {
			log.Warn("X-Forwarded-For came, but TRUSTED_PROXIES is 0: all clients of a proxy share one rate limit",
				"event.name", "proxy.untrusted")
		}),
	}
	return &requests{
		log: log, drains: readiness.Draining.Load, timeout: config.HandlerTimeout.In(a.config), metrics: a.Metrics,
		most: int64(config.BodyLimit.In(a.config)), next: limited,
	}
}

// Fail answers with the problem that an error is. What the service did not foresee is logged and told to nobody.
func (a *API) Fail(w http.ResponseWriter, r *http.Request, err error) {
	p := a.explain(err)
	if p.Status >= 500 {
		Log(r.Context()).Error("request failed", "err", err)
	}
	p.For(RequestID(r.Context())).Write(w)
}

func (a *API) explain(cause error) *problem.Error {
	if own := (*problem.Error)(nil); errors.As(cause, &own) {
		return own
	}
	for _, one := range a.explains {
		if p := one(cause); p != nil {
			return p
		}
	}
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		return problem.New(http.StatusServiceUnavailable, "The service did not answer in time.").With("Retry-After", "1")
	case errors.Is(cause, context.Canceled):
		return problem.New(http.StatusBadRequest, "The client closed the connection.")
	}
	return problem.New(http.StatusInternalServerError, "")
}
