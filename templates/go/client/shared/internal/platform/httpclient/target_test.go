package httpclient

import "testing"

func TestCredentialsLeaveTheURLForAHeader(t *testing.T) {
	where, err := newTarget("https://app:p%40ss@stock:8443/v1/")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := where.url("/items/a%2Fb", nil)
	if err != nil || whole != "https://stock:8443/v1/items/a%2Fb" || where.authorization != "Basic YXBwOnBAc3M=" {
		t.Errorf("%s, %s, %v", whole, where.authorization, err)
	}
}

func TestPathsThatLeadElsewhereAreRefused(t *testing.T) {
	where, err := newTarget("https://stock/v1")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "items", "@other/", "/items/..", "/items/%2e%2e", "/./a", "/items?all=1", "/items#1", "/a b", "/%zz", "/é"} {
		if whole, err := where.url(path, nil); err == nil {
			t.Errorf("%s: %s", path, whole)
		}
	}
}
