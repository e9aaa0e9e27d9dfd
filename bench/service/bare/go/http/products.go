package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5"
)

var (
	sku  = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,31}$`)
	uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

func send(w http.ResponseWriter, code int, body any, err error) {
	if err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func main() {
	products, err := open()
	if err != nil {
		os.Exit(1)
	}
	router := http.NewServeMux()
	router.HandleFunc("GET /products", func(w http.ResponseWriter, r *http.Request) {
		limit := 20
		if text := r.URL.Query().Get("limit"); text != "" {
			given, err := strconv.Atoi(text)
			if err != nil || given < 1 || given > 100 {
				http.Error(w, "limit is 1 to 100", http.StatusBadRequest)
				return
			}
			limit = given
		}
		found, err := products.list(r.Context(), r.URL.Query().Get("after"), limit)
		send(w, http.StatusOK, found, err)
	})
	router.HandleFunc("GET /products/{id}", func(w http.ResponseWriter, r *http.Request) {
		if !uuid.MatchString(r.PathValue("id")) {
			http.Error(w, "the id is no UUID", http.StatusBadRequest)
			return
		}
		one, err := products.find(r.Context(), r.PathValue("id"))
		if errors.Is(err, pgx.ErrNoRows) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", `"`+strconv.Itoa(one.Version)+`"`)
		send(w, http.StatusOK, one, err)
	})
	router.HandleFunc("POST /products", func(w http.ResponseWriter, r *http.Request) {
		var in product
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in)
		if err != nil || !sku.MatchString(in.SKU) || in.Name == "" || len(in.Name) > 200 || in.PriceCents < 0 {
			http.Error(w, "the body does not match", http.StatusBadRequest)
			return
		}
		one, err := products.create(r.Context(), in.SKU, in.Name, in.PriceCents)
		w.Header().Set("Location", "/products/"+one.ID)
		w.Header().Set("ETag", `"`+strconv.Itoa(one.Version)+`"`)
		send(w, http.StatusCreated, one, err)
	})
	if err := serve(router); err != nil {
		os.Exit(1)
	}
}
