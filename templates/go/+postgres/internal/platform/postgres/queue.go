package postgres

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Queue counts queries that wait for a connection: the pool tells it as a tracer.
type Queue struct{ waiting atomic.Int32 }

// Waiting says how many queries of a pool have no connection yet.
func Waiting(pool *pgxpool.Pool) func() float64 {
	queue, _ := pool.Config().ConnConfig.Tracer.(*Queue)
	return func() float64 { return float64(queue.waiting.Load()) }
}

// TraceAcquireStart is called by the pool.
func (q *Queue) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	q.waiting.Add(1)
	return ctx
}

// TraceAcquireEnd is called by the pool.
func (q *Queue) TraceAcquireEnd(context.Context, *pgxpool.Pool, pgxpool.TraceAcquireEndData) {
	q.waiting.Add(-1)
}

// TraceQueryStart and TraceQueryEnd make it a tracer for pgx.
func (*Queue) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd has nothing to count.
func (*Queue) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
