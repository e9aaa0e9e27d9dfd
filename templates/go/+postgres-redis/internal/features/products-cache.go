package features

import (
	"context"
	"errors"
	"strings"

	"service/internal/platform/cache"
	"service/internal/platform/problem"
)

// cachedProducts serves single products from the cache. Changes still ask the database for the version that they are meant for,
// so a stale read can never overwrite anything.
type cachedProducts struct {
	productStore
	cache *cache.Cache
}

// productKey is made of an id as PostgreSQL writes it, however a client does: one product has one entry.
func productKey(id string) string { return "product:" + strings.ToLower(id) }

func (s cachedProducts) find(ctx context.Context, id string) (*Product, error) {
	cached := &Product{}
	if s.cache.Read(ctx, productKey(id), cached) {
		return cached, nil
	}
	product, err := s.productStore.find(ctx, id)
	if product != nil {
		s.cache.Fill(ctx, productKey(id), product)
	}
	return product, err
}

func (s cachedProducts) update(ctx context.Context, id string, versions []int, in ProductInput) (*Product, error) {
	product, err := s.productStore.update(ctx, id, versions, in)
	s.changed(ctx, id, product, err)
	return product, err
}

func (s cachedProducts) remove(ctx context.Context, id string, versions []int) (*Product, error) {
	product, err := s.productStore.remove(ctx, id, versions)
	s.changed(ctx, id, product, err)
	return product, err
}

// changed drops what is kept. A change whose connection was lost may have been made; one that was refused was not.
func (s cachedProducts) changed(ctx context.Context, id string, product *Product, err error) {
	var refused *problem.Error
	if product != nil || err != nil && !errors.As(err, &refused) {
		s.cache.Change(ctx, productKey(id))
	}
}
