package config

import "service/internal/platform/env"

// How it stops.
var (
	ShutdownDelay = env.Millis(env.Spec{
		Name:        "SHUTDOWN_DELAY_MS",
		Description: "How long to keep serving, not ready, after SIGTERM: at least what a load balancer takes to notice.",
		Default:     "0",
	}, 0)
	ShutdownTimeout = env.Millis(env.Spec{
		Name:        "SHUTDOWN_TIMEOUT_MS",
		Description: "Budget of a graceful stop, the delay included; below the supervisor's own.",
		Default:     "8000",
	}, 1)
	_ = env.Rule(func(c *env.Config) *env.Problem {
		if ShutdownDelay.In(c) < ShutdownTimeout.In(c) {
			return nil
		}
		return &env.Problem{Name: "SHUTDOWN_DELAY_MS", Reason: "must be less than SHUTDOWN_TIMEOUT_MS"}
	})
)
