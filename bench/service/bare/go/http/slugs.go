package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"
)

func main() {
	router := http.NewServeMux()
	router.HandleFunc("POST /slugs", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Title string `json:"title"`
		}
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in)
		if err != nil || strings.TrimSpace(in.Title) == "" || utf8.RuneCountInString(in.Title) > 200 {
			http.Error(w, "the body does not match", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"slug": slugify(in.Title)})
	})
	if err := serve(router); err != nil {
		os.Exit(1)
	}
}
