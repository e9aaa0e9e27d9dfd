// Package health knows whether this process should get traffic.
package health

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Together below the 2 s within which an outage has to show.
const (
	checkTimeout = time.Second
	cacheFor     = 500 * time.Millisecond
)

// Report is what readiness answers.
type Report struct {
	Status string            `json:"status" enum:"ready,not ready"`
	Checks map[string]string `json:"checks"`
}

// Readiness asks the backing services that the service cannot work without. All who ask within half a second share an answer.
type Readiness struct {
	Draining atomic.Bool
	log      *slog.Logger
	checks   map[string]func(context.Context) error

	mutex  sync.Mutex
	at     time.Time
	states map[string]string
}

// New makes a readiness that logs what goes down and what comes back.
func New(log *slog.Logger) *Readiness {
	return &Readiness{log: log, checks: map[string]func(context.Context) error{}}
}

// Require adds a backing service without which no request can be answered: the check fails when it is away.
func (r *Readiness) Require(name string, check func(context.Context) error) { r.checks[name] = check }

// Report asks, or repeats what was answered just now.
func (r *Readiness) Report() Report {
	if r.Draining.Load() {
		return Report{"not ready", map[string]string{}}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.states == nil || time.Since(r.at) > cacheFor { // Since is monotonic: a clock that is set back changes nothing.
		r.states, r.at = r.ask(), time.Now()
	}
	report := Report{"ready", r.states}
	for _, state := range r.states {
		if state != "up" {
			report.Status = "not ready"
		}
	}
	return report
}

// ask asks all at once. A check may not end with its context, where its server is silent: nobody waits for it.
func (r *Readiness) ask() map[string]string {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	answers := map[string]chan error{}
	for name, check := range r.checks {
		answer := make(chan error, 1)
		answers[name] = answer
		go func() { answer <- check(ctx) }()
	}
	states := map[string]string{}
	for name, answer := range answers {
		var err error
		select {
		case err = <-answer:
		case <-ctx.Done():
			if err = fmt.Errorf("no answer within %s", checkTimeout); len(answer) > 0 {
				err = <-answer
			}
		}
		states[name] = r.turn(name, err)
	}
	cancel()
	return states
}

func (r *Readiness) turn(name string, err error) string {
	wasDown := r.states[name] == "down"
	switch {
	case err == nil && wasDown:
		r.log.Info(name+" is back", "event.name", "backing.up")
	case err != nil && !wasDown:
		r.log.Warn(name+" is down", "event.name", "backing.down", "err", err)
	}
	if err != nil {
		return "down"
	}
	return "up"
}
