package platform

import (
	"sync/atomic"
	"time"

	"service/internal/config"
	"service/internal/platform/cache"
)

// Cache keeps reads for a while.
func (a *App) Cache() *cache.Cache { return caches.Of(a) }

var caches = Part(func(app *App) (*cache.Cache, error) {
	ttl := time.Duration(config.CacheTTLSeconds.In(app.Config)) * time.Second
	kept, err := cache.Open(config.RedisURL.In(app.Config), ttl, app.Log)
	if err != nil {
		return nil, err
	}
	app.OnClose(kept.Close)
	count := func(name, help string, counter *atomic.Int64) {
		app.Metrics.Count(name, help, func() float64 { return float64(counter.Load()) })
	}
	count("cache_hits_total", "Reads that the cache answered.", &kept.Hits)
	count("cache_misses_total", "Reads that it did not answer.", &kept.Misses)
	count("cache_failures_total", "Commands that it did not take.", &kept.Failures)
	return kept, nil
})
