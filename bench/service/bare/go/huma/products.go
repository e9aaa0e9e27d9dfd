package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/jackc/pgx/v5"
)

type answer struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     product
}

func etag(one product) string { return `"` + strconv.Itoa(one.Version) + `"` }

func main() {
	products, err := open()
	if err != nil {
		os.Exit(1)
	}
	router := http.NewServeMux()
	api := humago.New(router, huma.DefaultConfig("bare", "1"))
	huma.Get(api, "/products", func(ctx context.Context, in *struct {
		After string `query:"after"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}) (*struct{ Body page }, error) {
		found, err := products.list(ctx, in.After, in.Limit)
		return &struct{ Body page }{found}, err
	})
	huma.Get(api, "/products/{id}", func(ctx context.Context, in *struct {
		ID string `path:"id" format:"uuid"`
	}) (*answer, error) {
		one, err := products.find(ctx, in.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, huma.Error404NotFound("Not Found")
		}
		return &answer{ETag: etag(one), Body: one}, err
	})
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/products", DefaultStatus: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				SKU        string `json:"sku" pattern:"^[A-Z0-9][A-Z0-9-]{0,31}$"`
				Name       string `json:"name" minLength:"1" maxLength:"200"`
				PriceCents int    `json:"priceCents" minimum:"0"`
			}
		}) (*answer, error) {
			one, err := products.create(ctx, in.Body.SKU, in.Body.Name, in.Body.PriceCents)
			return &answer{ETag: etag(one), Location: "/products/" + one.ID, Body: one}, err
		})
	if err := serve(router); err != nil {
		os.Exit(1)
	}
}
