package postgres

import (
	"context"
	"net"

	"github.com/jackc/pgx/v5"
)

// broken is an error of a connection to the database. A file, a body or another service fails with errors of the same types.
type broken struct{ error }

func (b broken) Unwrap() error { return b.error }

// Watch marks the errors of connections that are made with these options, so that [IsUnavailable] knows them.
func Watch(options *pgx.ConnConfig) {
	dial := options.DialFunc
	options.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return connection{conn}, nil
	}
}

type connection struct{ net.Conn }

func (c connection) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	return n, mark(err)
}

func (c connection) Write(bytes []byte) (int, error) {
	n, err := c.Conn.Write(bytes)
	return n, mark(err)
}

func mark(err error) error {
	if err == nil {
		return nil
	}
	return broken{err}
}
