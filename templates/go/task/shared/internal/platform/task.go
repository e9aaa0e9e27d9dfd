package platform

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/logging"
)

// TaskContext is what a one-off task has to work with.
type TaskContext struct {
	Config *env.Config
	// Log writes lines that say which task wrote them.
	Log *slog.Logger
	// Args are what came after the name of the task on the command line.
	Args []string
}

// RunTask is done when it returns, and whatever it returns is a failure. Its context ends with the first SIGTERM or SIGINT:
// return ctx.Err() between two steps.
type RunTask func(ctx context.Context, t *TaskContext) error

// TaskFailure is an error that a task foresees: the process ends with its exit code, and its message says all there is to say.
type TaskFailure struct {
	Reason   string
	ExitCode int
	Err      error
}

func (f TaskFailure) Error() string { return f.Err.Error() }

func (f TaskFailure) Unwrap() error { return f.Err }

var tasks = map[string]RunTask{}

// Task adds what `run NAME` runs. It is called from a package-level variable of the task's own file.
func Task(name string, run RunTask) bool {
	tasks[name] = run
	return true
}

// Range is an option of a task, `--name N`, that has to be in bounds.
type Range struct{ Value, Least, Most int }

func (r *Range) String() string { return fmt.Sprint(r.Value) }

// Set reads the option.
func (r *Range) Set(text string) error {
	var err error
	if r.Value, err = strconv.Atoi(text); err != nil || r.Value < r.Least || r.Value > r.Most {
		return fmt.Errorf("must be a whole number from %d to %d", r.Least, r.Most)
	}
	return nil
}

// Parse reads options, which may stand among the other arguments, and gives the others. An option that is wrong is a failure with
// the exit code of wrong usage.
func (t *TaskContext) Parse(options map[string]*Range, others int) ([]string, error) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	for name, value := range options {
		set.Var(value, name, "")
	}
	var found []string
	for rest := t.Args; ; {
		if err := set.Parse(rest); err != nil {
			return nil, usage(err)
		}
		if set.NArg() == 0 {
			return found, nil
		}
		found, rest = append(found, set.Arg(0)), set.Args()[1:]
		if len(found) > others {
			return nil, usage(fmt.Errorf("unexpected argument %q", set.Arg(0)))
		}
	}
}

// AnyNumber of arguments.
const AnyNumber = math.MaxInt

func usage(err error) error { return TaskFailure{"usage", ExitUsage, err} }

// Pause waits, unless the task is to stop.
func Pause(ctx context.Context, duration time.Duration) error {
	select {
	case <-time.After(duration):
	case <-ctx.Done():
	}
	return ctx.Err()
}

var _ = Verb("run", runTask)

// runTask runs a task to its end; a signal stops it, which is a failure: it is not done.
func runTask(p *Process, args []string) int {
	known := strings.Join(slices.Sorted(maps.Keys(tasks)), ", ")
	if len(args) == 0 {
		return p.Usage("run takes the name of a task, expected one of: " + known)
	}
	run, ok := tasks[args[0]]
	if !ok {
		return p.Usage(fmt.Sprintf("unknown task %q, expected one of: %s", args[0], known))
	}
	stop := p.Stop()
	if code := p.Load(); code != 0 {
		return code
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	t := &TaskContext{p.Config, p.Log.With("task", args[0]), args[1:]}
	done := make(chan error, 1)
	begun := time.Now()
	go func() { done <- safely(ctx, run, t) }()
	select {
	case err := <-done:
		return t.ended(ctx, err, begun)
	case <-stop:
		cancel()
	}
	budget := config.ShutdownTimeout.In(p.Config)
	select {
	case err := <-done:
		return t.ended(ctx, err, begun)
	case <-time.After(budget):
		t.Log.Error(fmt.Sprintf("not stopped within %d ms", budget.Milliseconds()), "event.name", "shutdown.timeout")
		return ExitFailed
	}
}

// safely makes an error of a panic.
func safely(ctx context.Context, run RunTask, t *TaskContext) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return run(ctx, t)
}

// ended writes the one line that says how it ended, and gives the exit code.
func (t *TaskContext) ended(ctx context.Context, err error, begun time.Time) int {
	took := slog.Int64("duration_ms", time.Since(begun).Milliseconds())
	var foreseen TaskFailure
	switch {
	case err == nil:
		t.Log.Info("the task is done", "event.name", "task.done", took)
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		t.Log.Warn("stopped before the end", "event.name", "task.stopped", took)
		return ExitFailed
	case errors.As(err, &foreseen):
		fatal(t.Log, foreseen.Error(), "event.name", "task.failed", "reason", foreseen.Reason, took)
		return foreseen.ExitCode
	}
	fatal(t.Log, "the task failed", "event.name", "task.failed", "err", err, took)
	return ExitFailed
}

func fatal(log *slog.Logger, msg string, attrs ...any) {
	log.Log(context.Background(), logging.LevelFatal, msg, attrs...)
}
