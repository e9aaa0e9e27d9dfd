package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"service/internal/config"
	"service/internal/platform/env"
	"service/internal/platform/identity"
	"service/internal/platform/logging"
)

// Exit codes tell a supervisor what happened (sysexits.h).
const (
	ExitFailed      = 1
	ExitPending     = 3
	ExitUsage       = 64
	ExitUnavailable = 69
	ExitConfig      = 78
)

// Process is what a verb works with.
type Process struct {
	Output *logging.Output
	Log    *logging.Logger
	Config *env.Config
	lookup env.Lookup
	// current is Log for other goroutines: the environment, once it is read, replaces it.
	current atomic.Pointer[logging.Logger]
}

var verbs = map[string]func(*Process, []string) int{}

// Verb adds a process type of the service, in a package-level variable of its own file. It answers the exit code.
func Verb(name string, run func(p *Process, args []string) int) bool {
	verbs[name] = run
	return true
}

// Run runs a verb to its end, and answers the exit code.
func Run(version string, args []string) int {
	signal.Ignore(syscall.SIGPIPE) // Nobody reads the log any more: no reason to stop.
	identity.Version = version
	p := NewProcess(os.Stdout, os.LookupEnv)
	defer p.Output.Flush(time.Second)
	defer func() {
		if thrown := recover(); thrown != nil {
			p.Log.Fatal("the process crashed", "event.name", "crash", "err", fmt.Sprint(thrown))
			p.Output.Flush(time.Second)
			os.Exit(ExitFailed)
		}
	}()
	return p.Run(args)
}

// NewProcess makes one that has not read its environment.
func NewProcess(out io.Writer, lookup env.Lookup) *Process {
	p := &Process{lookup: lookup}
	p.Output = logging.NewOutput(out, func(dropped int) {
		p.current.Load().Warn("lines were dropped: nobody read the log", "event.name", "log.dropped", "dropped", dropped)
	})
	p.setLog(logging.Options{})
	return p
}

// Run runs a verb.
func (p *Process) Run(args []string) int {
	if len(args) == 0 {
		args = []string{"web"}
	}
	if run := verbs[args[0]]; run != nil {
		return run(p, args[1:])
	}
	known := strings.Join(slices.Sorted(maps.Keys(verbs)), ", ")
	return p.Usage(fmt.Sprintf("unknown verb %q, expected one of: %s", args[0], known))
}

// Usage ends a verb that was called in a wrong way.
func (p *Process) Usage(why string) int {
	p.Log.Fatal(why, "event.name", "usage")
	return ExitUsage
}

// Load reads the environment. It answers an exit code where that is bad, and else 0.
func (p *Process) Load() int {
	loaded, err := env.Load(p.lookup)
	if invalid := (env.Invalid)(nil); errors.As(err, &invalid) {
		return p.BadConfig(err.Error(), invalid...)
	}
	p.Config = loaded
	p.setLog(logging.Options{
		Level: config.LogLevel.In(loaded), Format: config.LogFormat.In(loaded), Secrets: loaded.Secrets,
	})
	loaded.Hide = p.Log.Hide
	return 0
}

func (p *Process) setLog(options logging.Options) {
	p.Log = logging.New(p.Output, options)
	p.current.Store(p.Log)
}

// BadConfig ends a verb whose environment is bad.
func (p *Process) BadConfig(why string, problems ...env.Problem) int {
	p.Log.Fatal(why, "event.name", "config.invalid", "errors", problems)
	return ExitConfig
}

// Print prints a result.
func (p *Process) Print(document any) int {
	text, _ := json.Marshal(document)
	_, _ = p.Output.Write(append(text, '\n'))
	return 0
}

// Stop passes on the first SIGTERM or SIGINT; another one ends the process at once.
func (p *Process) Stop() <-chan string {
	names := map[os.Signal]string{syscall.SIGTERM: "SIGTERM", syscall.SIGINT: "SIGINT"}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	stop := make(chan string, 1)
	go func() {
		stop <- names[<-signals]
		p.current.Load().Warn(names[<-signals]+" again, exiting at once", "event.name", "shutdown.forced")
		p.Output.Flush(100 * time.Millisecond)
		os.Exit(ExitFailed)
	}()
	return stop
}
