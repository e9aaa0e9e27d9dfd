// Package work is a loop that finishes at SIGTERM what has begun, and begins nothing after it.
package work

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// Outcome is how a unit of work ended.
type Outcome string

// Idle says that there was nothing to do.
const (
	Idle    Outcome = "idle"
	Done    Outcome = "done"
	Retried Outcome = "retried"
	Failed  Outcome = "failed"
)

// Work is worked through one unit after the other.
type Work struct {
	// Do does one unit. Its context ends when that takes longer than Limit; a stop lets it come to its end.
	Do func(ctx context.Context) (Outcome, error)
	// Pause is how long to wait when there was nothing to do.
	Pause time.Duration
	// Limit is how long one unit may take.
	Limit time.Duration
}

const (
	// What is told to stop gets a moment to do so.
	grace        = 5 * time.Second
	longestPause = 30 * time.Second
)

// Stuck is a unit that does not end: a new process can do what this one hangs in.
type Stuck struct{ Limit time.Duration }

func (s Stuck) Error() string {
	return fmt.Sprintf("a unit of work took longer than %d ms", s.Limit.Milliseconds())
}

// Loop works until its context ends. What fails is logged, and waited for longer each time. `report` hears of each unit, and how
// long it took. The error is a Stuck.
func Loop(ctx context.Context, log *slog.Logger, w Work, report func(Outcome, time.Duration)) error {
	return loop(ctx, log, w, report, grace)
}

func loop(ctx context.Context, log *slog.Logger, w Work, report func(Outcome, time.Duration), grace time.Duration) error {
	failures := 0
	for ctx.Err() == nil {
		begun := time.Now()
		outcome, isStuck, err := unit(ctx, w, grace)
		if isStuck {
			return Stuck{w.Limit}
		}
		failures++
		if err == nil {
			failures = 0
		} else {
			outcome = Failed
			log.Error("a unit of work failed", "event.name", "worker.failed", "err", err)
		}
		if outcome != Idle {
			report(outcome, time.Since(begun))
		}
		if outcome == Idle || failures > 0 {
			rest(ctx, w.Pause, failures)
		}
	}
	return nil
}

// unit does one, which a stop does not interrupt.
func unit(ctx context.Context, w Work, grace time.Duration) (outcome Outcome, isStuck bool, err error) {
	limited, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), w.Limit, Stuck{w.Limit})
	defer cancel()
	ended := make(chan struct{})
	var done Outcome
	var failed error
	go func() {
		defer close(ended)
		defer func() {
			if thrown := recover(); thrown != nil {
				failed = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
			}
		}()
		done, failed = w.Do(limited)
	}()
	select {
	case <-ended:
	case <-time.After(w.Limit + grace):
		return Failed, true, nil
	}
	return done, false, failed
}

// rest is not the same for all, where several processes wait.
func rest(ctx context.Context, pause time.Duration, failures int) {
	longest := max(pause, longestPause)
	for range min(failures, 20) {
		pause = min(pause*2, longest)
	}
	select {
	case <-time.After(time.Duration(float64(pause) * (0.75 + rand.Float64()/2))):
	case <-ctx.Done():
	}
}
