package server

import (
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// What is written at once: its deadline begins anew for each piece, so a slow client is not taken for one that stalls.
const piece = 64 << 10

const headPause = 10 * time.Millisecond

// connections ends those whose client takes nothing of its answer, and knows which have said nothing yet: Shutdown of
// net/http would wait 5 s for each.
type connections struct {
	net.Listener
	stall atomic.Int64

	mutex  sync.Mutex
	open   map[net.Conn]http.ConnState
	isOver bool
}

// Accept makes the listener one for http.Server.
func (c *connections) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &progressing{Conn: conn, stall: &c.stall}, nil
}

// watch is told of each change by http.Server.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch {
	case state == http.StateClosed || state == http.StateHijacked:
		delete(c.open, conn)
	case state == http.StateNew && c.isOver:
		_ = conn.Close()
	default:
		c.open[conn] = state
		if own, ok := conn.(*progressing); ok {
			own.watch(state)
		}
	}
}

// close takes no new connection. From now on a client may take nothing of an answer for no longer than `stall`.
func (c *connections) close(stall time.Duration) {
	_ = c.Listener.Close()
	c.stall.Store(min(c.stall.Load(), int64(stall)))
	c.each(http.StateActive, func(conn *progressing) { _ = conn.SetWriteDeadline(time.Now().Add(stall)) })
}

// closeSilent closes those that have said nothing, and from now on new ones.
func (c *connections) closeSilent() {
	c.mutex.Lock()
	c.isOver = true
	c.mutex.Unlock()
	c.each(http.StateNew, func(conn *progressing) {
		if conn.part.Load() != inHead {
			_ = conn.Close()
		}
	})
}

// awaitHeads lets clients send the rest of a head, for so long: http.Server forgets whose head is not whole when it shuts down.
func (c *connections) awaitHeads(most time.Duration) {
	for until := time.Now().Add(most); c.isInHead() && time.Now().Before(until); {
		time.Sleep(headPause)
		if !c.isInHead() {
			time.Sleep(headPause) // It looks whether it shuts down just after it has said that a head is whole.
		}
	}
	c.each(http.StateNew, func(conn *progressing) { _ = conn.Close() })
}

func (c *connections) isInHead() bool {
	found := false
	for _, state := range []http.ConnState{http.StateNew, http.StateIdle} {
		c.each(state, func(conn *progressing) { found = found || conn.part.Load() == inHead })
	}
	return found
}

func (c *connections) each(state http.ConnState, do func(*progressing)) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for conn, one := range c.open {
		if own, ok := conn.(*progressing); ok && one == state {
			do(own)
		}
	}
}

type progressing struct {
	net.Conn
	stall *atomic.Int64
	// part is how far a request has come. Until its head is whole, http.Server calls the connection new or idle.
	part atomic.Int32
	// request is where http.Server has read the head of a request into.
	request []byte
	// until is the deadline of a write: one that is new enough stays, since each costs a timer.
	until time.Time
}

// The parts of a request, of which http.Server does not tell the first.
const (
	notBegun int32 = iota
	inHead
	afterHead
)

func (p *progressing) watch(state http.ConnState) {
	switch state {
	case http.StateIdle:
		p.part.Store(notBegun)
	case http.StateActive:
		p.part.Store(afterHead)
	}
}

func (p *progressing) Read(into []byte) (int, error) {
	n, err := p.Conn.Read(into)
	if n > 0 && p.part.Load() == notBegun {
		p.part.Store(inHead)
	}
	if p.part.Load() == inHead && errors.Is(err, os.ErrDeadlineExceeded) { // http.Server would hang up without a word.
		_, _ = p.Conn.Write(refuse(http.StatusRequestTimeout, ""))
	}
	if n > 1 { // One byte is what it reads to hear of the end of a connection, at the same time.
		p.request = into[:n]
	}
	return n, err
}

// SetWriteDeadline keeps a deadline that http.Server takes away after each answer: it holds for the next one, or Write sets another.
func (p *progressing) SetWriteDeadline(at time.Time) error {
	if at.IsZero() {
		return nil
	}
	return p.Conn.SetWriteDeadline(at)
}

func (p *progressing) Write(bytes []byte) (written int, err error) {
	length := len(bytes)
	if refused := refusal(bytes, p.request); refused != nil {
		bytes = refused
	}
	for err == nil && written < len(bytes) {
		var n int
		stall, now := time.Duration(p.stall.Load()), time.Now()
		if left := p.until.Sub(now); left > stall || left < stall-stall/8 {
			p.until = now.Add(stall)
			err = p.Conn.SetWriteDeadline(p.until)
		}
		if err == nil {
			n, err = p.Conn.Write(bytes[written:min(written+piece, len(bytes))])
		}
		written += n
	}
	return min(written, length), err
}
