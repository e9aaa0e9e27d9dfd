package main

import (
	"context"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type slug struct {
	Body struct {
		Slug string `json:"slug"`
	}
}

func main() {
	router := http.NewServeMux()
	api := humago.New(router, huma.DefaultConfig("bare", "1"))
	huma.Post(api, "/slugs", func(_ context.Context, in *struct {
		Body struct {
			Title string `json:"title" maxLength:"200" pattern:"\\S"`
		}
	}) (*slug, error) {
		answer := &slug{}
		answer.Body.Slug = slugify(in.Body.Title)
		return answer, nil
	})
	if err := serve(router); err != nil {
		os.Exit(1)
	}
}
