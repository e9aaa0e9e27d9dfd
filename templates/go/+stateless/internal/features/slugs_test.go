package features

import (
	"net/http"
	"strings"
	"testing"

	"service/internal/testkit"
)

func TestATitleBecomesASlug(t *testing.T) {
	s := testkit.New(t, nil)
	for title, want := range map[string]string{
		"Hello, World": "hello-world", "  Crème brûlée!  ": "creme-brulee", "Ñandú №2": "nandu-no2",
		"日本語 タイトル": "日本語-タイトル", "ΟΔΟΣ": "οδος", "!!!": "",
	} {
		var slug Slug
		for range 2 { // The second time it may be kept.
			if s.Do("POST", "/slugs", SlugInput{title}).JSON(&slug); slug.Slug != want {
				t.Errorf("%s: %s", title, slug.Slug)
			}
		}
	}
}

func TestWhatIsNoTitleIsRefused(t *testing.T) {
	s := testkit.New(t, nil)
	for _, body := range []any{map[string]any{}, SlugInput{" "}, SlugInput{strings.Repeat("t", 201)}, map[string]any{"title": 1}} {
		if got := s.Do("POST", "/slugs", body); got.Status != http.StatusBadRequest {
			t.Errorf("%v: %d", body, got.Status)
		}
	}
}
