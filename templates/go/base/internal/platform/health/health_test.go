package health

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestReadinessFollowsWhatIsRequired(t *testing.T) {
	out := &bytes.Buffer{}
	r := New(slog.New(slog.NewTextHandler(out, nil)))
	var isAway atomic.Bool
	var asked atomic.Int32
	r.Require("database", func(context.Context) error {
		asked.Add(1)
		if isAway.Load() {
			return errors.New("away")
		}
		return nil
	})
	for _, away := range []bool{false, true, true, false} {
		isAway.Store(away)
		r.at = time.Time{}
		for range 3 {
			if report := r.Report(); (report.Status == "ready") == away || (report.Checks["database"] == "up") == away {
				t.Error(away, report)
			}
		}
	}
	if asked.Load() != 4 {
		t.Errorf("asked %d times", asked.Load())
	}
	if text := out.String(); strings.Count(text, "is down") != 1 || strings.Count(text, "is back") != 1 {
		t.Error(text)
	}
	r.Draining.Store(true)
	if report := r.Report(); report.Status != "not ready" || len(report.Checks) != 0 {
		t.Error(report)
	}
}

func TestACheckThatHangsIsDown(t *testing.T) {
	r := New(slog.New(slog.DiscardHandler))
	r.Require("silent", func(context.Context) error { select {} })
	r.Require("other", func(context.Context) error { return nil })
	begun := time.Now()
	report := r.Report()
	if report.Checks["silent"] != "down" || report.Checks["other"] != "up" || time.Since(begun) > 20*time.Second {
		t.Error(report, time.Since(begun))
	}
}
