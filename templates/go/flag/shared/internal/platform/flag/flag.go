// Package flag asks flags that the environment sets, counts what they answer, and logs it with the request.
package flag

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"service/internal/platform"
	"service/internal/platform/env"
	"service/internal/platform/identity"
	"service/internal/platform/rollout"
	"service/internal/platform/web"
)

var evaluations = platform.Part(func(app *platform.App) (*prometheus.CounterVec, error) {
	counter := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "feature_flag_evaluations_total",
		Help: "Evaluations of feature flags; the variant is error where the default was taken.",
	}, []string{"flag", "variant"})
	// So that a canary can be compared with the others.
	running := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "service_info",
		Help: "Always 1; the labels say which version of the service this is.",
	}, []string{"version", "revision"})
	running.WithLabelValues(identity.Version, identity.Of().Revision).Set(1)
	for _, one := range []prometheus.Collector{counter, running} {
		if err := app.Metrics.Registry.Register(one); err != nil {
			return nil, err
		}
	}
	return counter, nil
})

// Flag says who gets something new. Its rollout does not change while the process lives.
type Flag struct {
	name     string
	variable env.Var[rollout.Rollout]
}

// New makes a flag of a variable.
func New(name string, variable env.Var[rollout.Rollout]) Flag { return Flag{name, variable} }

// IsOn says whether the user with this id gets the new way: not when it is off, and not as part of the control group.
func (f Flag) IsOn(ctx context.Context, app *platform.App, user string) bool {
	variant := f.Variant(ctx, app, user)
	return variant != "off" && variant != "control"
}

// Variant is `on` or `off`, or one that the variable names. Nobody in particular, without an id, has no share of the users.
func (f Flag) Variant(ctx context.Context, app *platform.App, user string) string {
	shares := f.variable.In(app.Config)
	variant, said := "off", "error"
	if len(shares) == 1 {
		variant = shares[0].Variant
		said = variant
	} else if user != "" {
		variant = shares.Variant(rollout.Bucket(f.name, user))
		said = variant
	}
	evaluations.Of(app).WithLabelValues(f.name, said).Inc()
	web.AddField(ctx, "feature_flag."+f.name, said)
	return variant
}
