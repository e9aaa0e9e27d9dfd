package config

import "service/internal/platform/env"

// What is logged, and for whom.
var (
	LogLevel = env.Choice(env.Spec{
		Name: "LOG_LEVEL", Description: "Least severe level that is written.", Default: "info",
	}, "trace", "debug", "info", "warn", "error", "fatal")
	LogFormat = env.Choice(env.Spec{
		Name: "LOG_FORMAT", Description: "One JSON object a line, or lines for a person at a terminal.", Default: "json",
	}, "json", "pretty")
)
