package logging

import (
	"io"
	"sync"
	"time"
)

// A megabyte of lines waits for a reader that stalls. What comes then is dropped and counted.
const mostWaiting = 1 << 20

// So long it waits between two writes: under load many lines share one.
const breath = 2 * time.Millisecond

// Output keeps the service from waiting for whoever reads its log: one goroutine writes, all others leave their lines.
type Output struct {
	out io.Writer
	// tell hears how many lines were dropped, as soon as lines are taken again.
	tell func(dropped int)

	mutex   sync.Mutex
	wake    sync.Cond
	waiting []byte
	writing bool
	dropped int
}

// NewOutput starts the goroutine that writes.
func NewOutput(out io.Writer, tell func(dropped int)) *Output {
	o := &Output{out: out, tell: tell}
	o.wake.L = &o.mutex
	go o.run()
	return o
}

// Write takes a whole line. It never waits and never fails.
func (o *Output) Write(line []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if len(o.waiting) > mostWaiting {
		o.dropped++
		return len(line), nil
	}
	o.waiting = append(o.waiting, line...)
	o.wake.Signal()
	return len(line), nil
}

// Dropped is how many lines nobody will read.
func (o *Output) Dropped() float64 {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return float64(o.dropped)
}

// Flush waits until every line is out, as long as `atMost`.
func (o *Output) Flush(atMost time.Duration) {
	isOut := func() bool {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		return len(o.waiting) == 0 && !o.writing
	}
	for until := time.Now().Add(atMost); !isOut() && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
}

func (o *Output) run() {
	var lines []byte
	told := 0
	o.mutex.Lock()
	for {
		for len(o.waiting) == 0 {
			o.wake.Wait()
		}
		lines, o.waiting = o.waiting, lines[:0]
		o.writing = true
		o.mutex.Unlock()
		_, _ = o.out.Write(lines) // Where nobody can read any more, nothing is left to be said.
		time.Sleep(breath)
		o.mutex.Lock()
		o.writing = false
		if dropped := o.dropped - told; dropped > 0 {
			told = o.dropped
			o.mutex.Unlock()
			o.tell(dropped)
			o.mutex.Lock()
		}
	}
}
