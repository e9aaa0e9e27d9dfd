package cache

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"testing"
	"time"
)

func open(t *testing.T, url string) *Cache {
	t.Helper()
	c, err := Open(url, time.Minute, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestWithoutRedisReadsMiss(t *testing.T) {
	c, ctx := open(t, "redis://127.0.0.1:1"), context.Background()
	begun := time.Now()
	for range 100 {
		c.Fill(ctx, "a", 1)
		c.Change(ctx, "b")
		var into int
		if c.Read(ctx, "a", &into) {
			t.Error(into)
		}
	}
	if c.Misses.Load() != 100 || c.Failures.Load() == 0 || len(c.unmarked) != 1 || time.Since(begun) > 5*time.Second {
		t.Error(c.Misses.Load(), c.Failures.Load(), c.unmarked, time.Since(begun))
	}
}

func TestNobodyReadsWhatWasThereBeforeAChange(t *testing.T) {
	if os.Getenv("REDIS_URL") == "" {
		t.Skip("REDIS_URL is not set")
	}
	c, other, ctx, key := open(t, os.Getenv("REDIS_URL")), open(t, os.Getenv("REDIS_URL")), context.Background(), rand.Text()
	read := func(c *Cache) (into int) {
		c.Read(ctx, key, &into)
		return into
	}
	c.Fill(ctx, key, 1)
	c.Fill(ctx, key, 2)
	if read(c) != 1 || read(other) != 1 {
		t.Error("a value that is kept was replaced")
	}
	other.Change(ctx, key)
	c.Fill(ctx, key, 3) // Read before the change, perhaps.
	if read(c) != 0 || read(other) != 0 {
		t.Error("an old value is read")
	}
}
