package etag

import (
	"errors"
	"fmt"
	"testing"

	"service/internal/platform/problem"
)

func TestIfMatch(t *testing.T) {
	for given, want := range map[string]string{
		`"1"`: "[1]", `"1", "22"`: "[1 22]", `W/"1"`: "[]", `W/"1","2"`: "[2]", `"x"`: "[]", `1`: "[]", `"01"`: "[]", `"1" "2"`: "[]", ` * `: "any",
	} {
		versions, err := Expected(given)
		got := fmt.Sprint(versions)
		if versions == nil {
			got = "any"
		}
		if got != want || err != nil {
			t.Errorf("%s: %s %v", given, got, err)
		}
	}
	var refused *problem.Error
	if _, err := Expected(""); !errors.As(err, &refused) || refused.Status != 428 {
		t.Error(err)
	}
}

func TestIfNoneMatch(t *testing.T) {
	for given, want := range map[string]bool{`"7"`: true, `W/"7"`: true, `"6","7"`: true, `*`: true, `"6"`: false, `7`: false, ``: false} {
		if IsKnown(7, given) != want {
			t.Error(given)
		}
	}
}
