package platform

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestHowATaskEnds(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, one := range map[string]struct {
		ctx   context.Context
		err   error
		code  int
		event string
	}{
		"it is done":        {t.Context(), nil, 0, `"task.done"`},
		"it was stopped":    {stopped, stopped.Err(), ExitFailed, `"task.stopped"`},
		"it failed":         {t.Context(), errors.New("because"), ExitFailed, `"task.failed"`},
		"as it was stopped": {stopped, errors.New("because"), ExitFailed, `"task.failed"`},
		"it was foreseen":   {t.Context(), TaskFailure{"usage", ExitUsage, errors.New("so")}, ExitUsage, `"reason":"usage"`},
	} {
		t.Run(name, func(t *testing.T) {
			out := &bytes.Buffer{}
			task := &TaskContext{Log: slog.New(slog.NewJSONHandler(out, nil))}
			if code := task.ended(one.ctx, one.err, time.Now()); code != one.code || !strings.Contains(out.String(), one.event) {
				t.Errorf("%d: %s", code, out)
			}
		})
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	err := safely(t.Context(), func(context.Context, *TaskContext) error { panic("thrown") }, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "panic: thrown") {
		t.Error(err)
	}
}

func TestOptionsMayStandAmongTheArguments(t *testing.T) {
	size := Range{Value: 5, Least: 1, Most: 10}
	task := &TaskContext{Args: []string{"a", "--size", "7", "b", "--", "--c"}}
	others, err := task.Parse(map[string]*Range{"size": &size}, AnyNumber)
	if err != nil || strings.Join(others, " ") != "a b --c" || size.Value != 7 {
		t.Errorf("%v, %v, %v", others, size.Value, err)
	}
	var failure TaskFailure
	for _, args := range []string{"--size 11", "--size 0", "--size 1x", "--size", "--dance", "a"} {
		task := &TaskContext{Args: strings.Fields(args)}
		if _, err := task.Parse(map[string]*Range{"size": &size}, 0); !errors.As(err, &failure) || failure.ExitCode != ExitUsage {
			t.Errorf("%s: %v", args, err)
		}
	}
}
