package work

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// run works until `units` have begun, and gives what was reported.
func run(t *testing.T, units int, limit time.Duration, do func(ctx context.Context, unit int) (Outcome, error)) ([]Outcome, error) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var begun atomic.Int32
	reported := []Outcome{}
	err := loop(ctx, silent, Work{
		Pause: time.Millisecond, Limit: limit,
		Do: func(ctx context.Context) (Outcome, error) {
			unit := int(begun.Add(1))
			if unit == units {
				stop()
			}
			return do(ctx, unit)
		},
	}, func(outcome Outcome, _ time.Duration) { reported = append(reported, outcome) }, 50*time.Millisecond)
	if int(begun.Load()) != units {
		t.Errorf("%d units, not %d", begun.Load(), units)
	}
	return reported, err
}

func TestAUnitThatFailsDoesNotEndTheLoop(t *testing.T) {
	reported, err := run(t, 4, time.Second, func(_ context.Context, unit int) (Outcome, error) {
		switch unit {
		case 1:
			return Done, errors.New("once")
		case 2:
			panic("twice")
		case 3:
			return Idle, nil
		}
		return Done, nil
	})
	if err != nil || !slices.Equal(reported, []Outcome{Failed, Failed, Done}) {
		t.Errorf("%v, %v", reported, err)
	}
}

func TestAStopFinishesTheUnitThatHasBegun(t *testing.T) {
	reported, err := run(t, 1, time.Second, func(ctx context.Context, _ int) (Outcome, error) {
		time.Sleep(50 * time.Millisecond)
		return Done, ctx.Err()
	})
	if err != nil || !slices.Equal(reported, []Outcome{Done}) {
		t.Errorf("%v, %v", reported, err)
	}
}

func TestAUnitThatTakesTooLongIsToldSo(t *testing.T) {
	var told error
	_, err := run(t, 1, 20*time.Millisecond, func(ctx context.Context, _ int) (Outcome, error) {
		<-ctx.Done()
		told = context.Cause(ctx)
		return Done, nil
	})
	if err != nil || told != (Stuck{20 * time.Millisecond}) {
		t.Errorf("%v, %v", told, err)
	}
}

func TestOneThatDoesNotListenEndsTheWorker(t *testing.T) {
	_, err := run(t, 1, 20*time.Millisecond, func(context.Context, int) (Outcome, error) {
		time.Sleep(time.Second)
		return Done, nil
	})
	if err != (Stuck{20 * time.Millisecond}) {
		t.Error(err)
	}
}
