package features

import (
	"context"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"service/internal/platform/postgres"
	"service/internal/platform/problem"
)

const productColumns = "id::text, sku, name, price_cents, version"

// productStore keeps products in PostgreSQL. What is not there, or in none of the versions asked for, is nil; versions that are
// nil ask for any.
type productStore struct{ database *pgxpool.Pool }

func (s productStore) one(ctx context.Context, sql string, args ...any) (*Product, error) {
	rows, err := s.database.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	product, err := pgx.CollectExactlyOneRow(rows, pgx.RowToAddrOfStructByPos[Product])
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case postgres.IsUniqueViolation(err):
		return nil, problem.New(http.StatusConflict, "A product with this sku exists.")
	}
	return product, err
}

func (s productStore) create(ctx context.Context, in ProductInput) (*Product, error) {
	return s.one(ctx, `insert into products (sku, name, price_cents) values ($1, $2, $3) returning `+productColumns,
		in.SKU, in.Name, in.PriceCents)
}

func (s productStore) find(ctx context.Context, id string) (*Product, error) {
	return s.one(ctx, `select `+productColumns+` from products where id = $1`, id)
}

// list gives up to `limit` products in the order of their skus, from the first one or the one after `after`.
func (s productStore) list(ctx context.Context, after string, limit int) ([]Product, error) {
	// Two statements: a plan for both would read every product before `after`.
	where, args := "", []any{limit}
	if after != "" {
		where, args = "where sku > $2", []any{limit, after}
	}
	rows, err := s.database.Query(ctx, `select `+productColumns+` from products `+where+` order by sku limit $1`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Product])
}

func (s productStore) update(ctx context.Context, id string, versions []int, in ProductInput) (*Product, error) {
	return s.one(ctx, `update products set sku = $3, name = $4, price_cents = $5, version = version + 1
	  where id = $1 and ($2::int[] is null or version = any($2)) returning `+productColumns,
		id, versions, in.SKU, in.Name, in.PriceCents)
}

func (s productStore) remove(ctx context.Context, id string, versions []int) (*Product, error) {
	return s.one(ctx, `delete from products where id = $1 and ($2::int[] is null or version = any($2)) returning `+productColumns,
		id, versions)
}
