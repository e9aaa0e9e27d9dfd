// Package config is every variable of the environment that the service reads: a file for each concern.
package config

import "service/internal/platform/env"

// How it is reached, and what it takes from a client.
var (
	Port = env.Int(env.Spec{
		Name: "PORT", Description: "Port to listen on; 0 takes a free one and logs which.", Default: "8080",
	}, 0, 65_535)
	Host = env.Text(env.Spec{
		Name: "HOST", Description: "Address to listen on.", Default: "0.0.0.0",
	})
	TrustedProxies = env.Int(env.Spec{
		Name:        "TRUSTED_PROXIES",
		Description: "How many proxies are in front, whose X-Forwarded-For tells the client's address.",
		Default:     "0",
	}, 0, 10)
	BodyLimit = env.Int(env.Spec{
		Name: "BODY_LIMIT_BYTES", Description: "Largest request body that is read.", Default: "1048576",
	}, 1, 1<<31-1)
	RequestTimeout = env.Millis(env.Spec{
		Name:        "REQUEST_TIMEOUT_MS",
		Description: "How long a client may take to send a whole request, and, up to 10 s, take nothing of an answer.",
		Default:     "30000",
	}, 1)
	HandlerTimeout = env.Millis(env.Spec{
		Name:        "HANDLER_TIMEOUT_MS",
		Description: "How long the service may take to answer a request. Then its handler is told to stop.",
		Default:     "20000",
	}, 1)
	RateLimit = env.Int(env.Spec{
		Name:        "RATE_LIMIT_PER_MINUTE",
		Description: "Requests that one client address may make; 0 sets no limit.",
		Default:     "6000",
	}, 0, 1<<31-1)
)
