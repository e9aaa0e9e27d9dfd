package features

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"service/internal/testkit"
)

func book(sku string) map[string]any {
	return map[string]any{"sku": sku, "name": "A book", "priceCents": 1250}
}

func TestAProductLives(t *testing.T) {
	s := testkit.New(t, nil)
	created := s.Do("POST", "/products", book("BOOK-1"))
	var product Product
	created.JSON(&product)
	path := "/products/" + product.ID
	if created.Status != http.StatusCreated || created.Header.Get("Location") != path || created.Header.Get("ETag") != `"1"` {
		t.Fatal(created)
	}
	for _, one := range []struct {
		method, path string
		body         any
		header       []string
		status       int
		etag         string
	}{
		{"GET", path, nil, nil, 200, `"1"`},
		{"GET", "/products/" + strings.ToUpper(product.ID), nil, nil, 200, `"1"`},
		{"GET", path, nil, []string{"If-None-Match", `W/"7", "1"`}, 304, `"1"`},
		{"POST", "/products", book("BOOK-1"), nil, 409, ""},
		{"PUT", path, book("BOOK-1"), nil, 428, ""},
		{"PUT", path, book("BOOK-1"), []string{"If-Match", `"2"`}, 412, ""},
		{"PUT", path, book("BOOK-1"), []string{"If-Match", `W/"1"`}, 412, ""},
		{"PUT", path, book("BOOK-2"), []string{"If-Match", `"1"`}, 200, `"2"`},
		{"GET", path, nil, []string{"If-None-Match", `"1"`}, 200, `"2"`},
		{"DELETE", path, nil, nil, 428, ""},
		{"DELETE", path, nil, []string{"If-Match", `"1"`}, 412, ""},
		{"DELETE", path, nil, []string{"If-Match", "*"}, 204, ""},
		{"GET", path, nil, nil, 404, ""},
		{"DELETE", path, nil, []string{"If-Match", "*"}, 404, ""},
		{"PUT", path, book("BOOK-2"), []string{"If-Match", "*"}, 404, ""},
	} {
		got := s.Do(one.method, one.path, one.body, one.header...)
		if got.Status != one.status || got.Header.Get("ETag") != one.etag {
			t.Errorf("%s %v: %d %s %s", one.method, one.header, got.Status, got.Header.Get("ETag"), got.Body)
		}
	}
}

func TestPagesHaveEachProductOnce(t *testing.T) {
	s := testkit.New(t, nil)
	for i := range 5 {
		s.Do("POST", "/products", book(fmt.Sprintf("BOOK-%d", i)))
	}
	var seen []string
	for path := "/products?limit=2"; path != ""; {
		var page ProductPage
		s.Do("GET", path, nil).JSON(&page)
		for _, item := range page.Items {
			seen = append(seen, item.SKU)
		}
		if path = ""; page.NextCursor != nil {
			path = "/products?limit=2&cursor=" + *page.NextCursor
		}
	}
	if fmt.Sprint(seen) != "[BOOK-0 BOOK-1 BOOK-2 BOOK-3 BOOK-4]" {
		t.Error(seen)
	}
}

func TestWhatIsNoProductIsRefused(t *testing.T) {
	s := testkit.New(t, nil)
	for _, body := range []string{
		`{}`, `[]`, `{"sku":"a","name":"x","priceCents":1}`, `{"sku":"A","name":"","priceCents":1}`, `{"sku":"A","name":" x","priceCents":1}`,
		`{"sku":"A","name":"x","priceCents":-1}`, `{"sku":"A","name":"x","priceCents":1.5}`, `{"SKU":"A","name":"x","priceCents":1}`, `{`, `{"sku":"A\ud800"}`, "\"\xff\"",
	} {
		got := s.Do("POST", "/products", body)
		if got.Status != http.StatusBadRequest || got.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", body, got.Status, got.Body)
		}
	}
	for _, path := range []string{"/products?limit=0", "/products?limit=101", "/products?limit=1&limit=2", "/products?cursor=%21", "/products/1"} {
		if got := s.Do("GET", path, nil); got.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if got := s.Do("POST", "/products", "x", "Content-Type", "text/plain"); got.Status != http.StatusUnsupportedMediaType {
		t.Error(got.Status)
	}
}
