package config

import (
	"errors"

	"github.com/redis/go-redis/v9"

	"service/internal/platform/env"
)

// Where reads are kept for a while.
var (
	RedisURL = env.URL(env.Spec{
		Name:        "REDIS_URL",
		Description: "Redis that caches reads; the service works without it, only slower.",
		Example:     "redis://127.0.0.1:6379",
		Secret:      true,
	}, func(url string) error {
		if _, err := redis.ParseURL(url); err != nil {
			return errors.New("cannot be used: the client does not read it")
		}
		return nil
	}, "redis", "rediss")
	CacheTTLSeconds = env.Int(env.Spec{
		Name: "CACHE_TTL_SECONDS", Description: "How long a cached read may be served.", Default: "30",
	}, 1, 1<<31-1)
)
