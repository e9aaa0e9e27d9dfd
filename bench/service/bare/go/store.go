package main

import (
	"context"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const columns = "id::text, sku, name, price_cents, version"

type product struct {
	ID         string `json:"id"`
	SKU        string `json:"sku"`
	Name       string `json:"name"`
	PriceCents int    `json:"priceCents"`
	Version    int    `json:"version"`
}

type page struct {
	Items      []product `json:"items"`
	NextCursor *string   `json:"nextCursor"`
}

type store struct{ pool *pgxpool.Pool }

func open() (store, error) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL")+"?pool_max_conns=10")
	return store{pool}, err
}

func (s store) one(ctx context.Context, sql string, args ...any) (product, error) {
	rows, _ := s.pool.Query(ctx, sql, args...)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[product])
}

func (s store) find(ctx context.Context, id string) (product, error) {
	return s.one(ctx, "select "+columns+" from products where id = $1", id)
}

func (s store) create(ctx context.Context, sku, name string, price int) (product, error) {
	return s.one(ctx, "insert into products (sku, name, price_cents) values ($1, $2, $3) returning "+columns, sku, name, price)
}

func (s store) list(ctx context.Context, after string, limit int) (page, error) {
	rows, _ := s.pool.Query(ctx, "select "+columns+" from products where $1 = '' or sku > $1 order by sku limit $2", after, limit+1)
	items, err := pgx.CollectRows(rows, pgx.RowToStructByPos[product])
	found := page{Items: items}
	if len(items) > limit {
		found.Items = items[:limit]
		found.NextCursor = &items[limit-1].SKU
	}
	return found, err
}
