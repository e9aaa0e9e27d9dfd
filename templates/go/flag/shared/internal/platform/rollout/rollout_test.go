package rollout_test

import (
	"fmt"
	"math"
	"testing"

	"service/internal/platform/rollout"
)

func parsed(t *testing.T, text string) rollout.Rollout {
	t.Helper()
	shares, err := rollout.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return shares
}

// split counts the users of each variant, out of 10,000.
func split(t *testing.T, text string) map[string]int {
	t.Helper()
	shares, sizes := parsed(t, text), map[string]int{}
	for i := range 10_000 {
		sizes[shares.Variant(rollout.Bucket("example", fmt.Sprintf("user-%d", i)))]++
	}
	return sizes
}

func TestBucketsAreWhatTheyHaveAlwaysBeen(t *testing.T) {
	for user, bucket := range map[string]int{"alice": 1067, "bob": 8520, "carol": 4615, "user-42": 4979} {
		if found := rollout.Bucket("example", user); found != bucket {
			t.Errorf("%s has %d, not %d", user, found, bucket)
		}
	}
}

func TestShares(t *testing.T) {
	for text, expected := range map[string]map[string]float64{
		"off":                         {"off": 100},
		"on":                          {"on": 100},
		"0%":                          {"off": 100},
		"100%":                        {"on": 100},
		"1%":                          {"on": 1, "off": 99},
		"90%":                         {"on": 90, "off": 10},
		"12.25%":                      {"on": 12.25, "off": 87.75},
		"control:50,blue:30,green:20": {"control": 50, "blue": 30, "green": 20},
	} {
		sizes := split(t, text)
		if len(sizes) != len(expected) {
			t.Errorf("%s: %v", text, sizes)
		}
		for variant, percent := range expected {
			if math.Abs(float64(sizes[variant])/100-percent) > 1.5 {
				t.Errorf("%s: %v", text, sizes)
			}
		}
	}
}

func TestAPercentageThatGrowsOnlyAddsUsers(t *testing.T) {
	texts := []string{"0%", "0.5%", "5%", "25%", "26%", "75%", "100%"}
	for at, text := range texts[1:] {
		before, now := parsed(t, texts[at]), parsed(t, text)
		for bucket := range 10_000 {
			if before.Variant(bucket) == "on" && now.Variant(bucket) != "on" {
				t.Fatalf("%s has not bucket %d", text, bucket)
			}
		}
	}
}

func TestTwoFlagsDoNotChooseTheSameUsers(t *testing.T) {
	both := 0
	for i := range 10_000 {
		user := fmt.Sprintf("user-%d", i)
		if rollout.Bucket("one", user) < 5000 && rollout.Bucket("two", user) < 5000 {
			both++
		}
	}
	if both < 2350 || both > 2650 {
		t.Error(both)
	}
}

func TestWhatIsNoRollout(t *testing.T) {
	for _, text := range []string{
		"", "true", "ON", "25", "101%", "-1%", "0.001%", "1e1%", "a:50", "a:50,b:51", "a:50,a:50", "A:50,b:50", "a:50, b:50", "a:100,",
	} {
		if shares, err := rollout.Parse(text); err == nil {
			t.Errorf("%q: %v", text, shares)
		}
	}
}
