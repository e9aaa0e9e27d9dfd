// Package cache keeps reads for a while in Redis. It may be away: then reads miss, and nobody notices but the database.
package cache

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"service/internal/platform/identity"
)

const (
	// Services may share a Redis.
	prefix           = identity.Name + ":"
	connectTimeout   = time.Second
	commandTimeout   = 100 * time.Millisecond
	restAfterFailure = time.Second
	// In the place of an entry that is old: it is no JSON, so it is read as none, and nothing is filled in.
	mark = "changed"
)

// Cache promises that nobody reads an entry that was there before Change returned. A key whose mark did not arrive is not read
// by this process until it has; another process may read the old entry until then, at most as long as entries are kept.
type Cache struct {
	client *redis.Client
	ttl    time.Duration
	log    *slog.Logger

	// Reads that it answered, reads that it did not answer, and commands that it did not take.
	Hits, Misses, Failures atomic.Int64

	mutex sync.Mutex
	// unmarked are keys whose mark was not acknowledged, and since when.
	unmarked map[string]time.Time
	isAway   atomic.Bool
}

// Open connects in the background: the service starts, and is ready, without Redis as well.
func Open(url string, ttl time.Duration, log *slog.Logger) (*Cache, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	options.DialTimeout, options.DialerRetries, options.MaxRetries = connectTimeout, 1, -1
	options.ReadTimeout, options.WriteTimeout = commandTimeout, commandTimeout
	return &Cache{client: redis.NewClient(options), ttl: ttl, log: log, unmarked: map[string]time.Time{}}, nil
}

// Close closes its connections.
func (c *Cache) Close() { _ = c.client.Close() }

// Read fills `into` with the value of a key. What does not fit was kept by another version, and counts as not there.
func (c *Cache) Read(ctx context.Context, key string, into any) bool {
	if !c.read(ctx, key, into) {
		c.Misses.Add(1)
		return false
	}
	c.Hits.Add(1)
	return true
}

func (c *Cache) read(ctx context.Context, key string, into any) bool {
	if !c.isReadable(key) {
		return false
	}
	text, err := c.client.Get(ctx, prefix+key).Bytes()
	if err != nil || string(text) == mark {
		c.check(err)
		return false
	}
	if json.Unmarshal(text, into) != nil {
		c.Change(ctx, key) // It would be in the way of what is filled in, for ever if it never expires.
		return false
	}
	return true
}

// Fill keeps a value that was read elsewhere, unless something is kept, or it changed since.
func (c *Cache) Fill(ctx context.Context, key string, value any) {
	if text, err := json.Marshal(value); err == nil && c.isReadable(key) {
		c.check(c.client.SetNX(ctx, prefix+key, text, c.ttl).Err())
	}
}

// Change says that a value has changed: what is kept of it is read no more, and nothing is kept in its place for a while. It is
// done even if the request that asks for it is over.
func (c *Cache) Change(ctx context.Context, key string) {
	now := time.Now()
	c.mutex.Lock()
	maps.DeleteFunc(c.unmarked, func(_ string, since time.Time) bool { return now.Sub(since) > c.ttl })
	c.unmarked[key] = now
	c.mutex.Unlock()
	c.check(c.mark(context.WithoutCancel(ctx), key, now))
}

func (c *Cache) mark(ctx context.Context, key string, since time.Time) error {
	err := c.client.Set(ctx, prefix+key, mark, c.ttl).Err()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if err == nil && c.unmarked[key].Equal(since) {
		delete(c.unmarked, key)
	}
	return err
}

func (c *Cache) isReadable(key string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	_, isUnmarked := c.unmarked[key]
	return !isUnmarked && !c.isAway.Load()
}

// check leaves Redis alone for a second after a failure.
func (c *Cache) check(err error) {
	if err == nil || errors.Is(err, redis.Nil) || errors.Is(err, context.Canceled) {
		return
	}
	c.Failures.Add(1)
	if c.isAway.CompareAndSwap(false, true) {
		c.log.Warn("the cache is unreachable, going on without it", "event.name", "cache.down", "err", err)
		time.AfterFunc(restAfterFailure, c.recover)
	}
}

// recover waits until Redis answers, and has every mark.
func (c *Cache) recover() {
	c.mutex.Lock()
	waiting := maps.Clone(c.unmarked)
	c.mutex.Unlock()
	ctx := context.Background()
	err := c.client.Ping(ctx).Err()
	for key, since := range waiting {
		if err == nil {
			err = c.mark(ctx, key, since)
		}
	}
	switch {
	case errors.Is(err, redis.ErrClosed):
	case err != nil:
		time.AfterFunc(restAfterFailure, c.recover)
	default:
		c.log.Info("the cache is reachable again", "event.name", "cache.up")
		c.isAway.Store(false)
	}
}
