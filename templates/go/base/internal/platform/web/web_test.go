package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestALiteralGoesBeforeAParameter(t *testing.T) {
	r := &router{}
	var got string
	for _, pattern := range []string{"GET /", "GET /orders/{id}", "GET /{kind}/items", "GET /orders/new", "POST /orders/{id}", "GET /a/{x}/b/{y}",
		"GET /users/{id}", "POST /users/invite", "PUT /users/{id}/invite", "HEAD /users/{id}/x", "GET /users/me/x"} {
		r.HandleFunc(pattern, func(_ http.ResponseWriter, req *http.Request) {
			got = pattern + " " + req.PathValue("id") + req.PathValue("kind") + req.PathValue("x") + req.PathValue("y")
		})
	}
	for call, want := range map[string]string{
		"GET /": "GET / ", "GET /orders/7": "GET /orders/{id} 7", "GET /orders/new": "GET /orders/new ", "GET /orders/items": "GET /orders/{id} items",
		"GET /books/items": "GET /{kind}/items books", "POST /orders/new": "POST /orders/{id} new", "GET /a/1/b/2": "GET /a/{x}/b/{y} 12",
		"HEAD /orders/new": "GET /orders/new ", "DELETE /orders/7": "405 GET, HEAD, POST", "GET /orders/": "404 ", "GET //orders": "404 ",
		"GET /o%72ders/a%2Fb": "GET /orders/{id} a/b", "GET /orders": "404 ", "GET /%ff": "400 ",
		"GET /users/invite": "GET /users/{id} invite", "HEAD /users/invite": "GET /users/{id} invite", "POST /users/invite": "POST /users/invite ",
		"DELETE /users/invite": "405 GET, HEAD, POST", "POST /users/7": "405 GET, HEAD", "GET /users/me/x": "GET /users/me/x ",
	} {
		method, path, _ := strings.Cut(call, " ")
		got = ""
		recorder := httptest.NewRecorder()
		r.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
		if got == "" {
			got = strings.Split(recorder.Result().Status, " ")[0] + " " + recorder.Header().Get("Allow")
		}
		if got != want {
			t.Errorf("%s: %s, not %s", call, got, want)
		}
	}
}

func TestAClientIsWhomTheLastTrustedProxySaw(t *testing.T) {
	for _, one := range []struct {
		proxies int
		header  string
		want    string
	}{{0, "1.1.1.1", "9.9.9.9"}, {1, "1.1.1.1, 2.2.2.2", "2.2.2.2"}, {2, "1.1.1.1, 2.2.2.2", "1.1.1.1"}, {3, "1.1.1.1", "1.1.1.1"}, {1, "", "9.9.9.9"}} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "9.9.9.9:1234"
		r.Header.Set("X-Forwarded-For", one.header)
		if got := clientOf(r, one.proxies); got != one.want {
			t.Errorf("%v: %s", one, got)
		}
	}
}

func TestAWindowEnds(t *testing.T) {
	l := &limiter{most: 2}
	for want := 1; want <= 3; want++ {
		if count, left := l.count("a"); count != want || left != 60 {
			t.Error(count, left)
		}
	}
	l.since = l.since.Add(-window)
	if count, _ := l.count("a"); count != 1 {
		t.Error(count)
	}
	l.since = time.Now().Add(-window / 2)
	if _, left := l.count("a"); left != 30 {
		t.Error(left)
	}
}

func TestTraces(t *testing.T) {
	trace, span := strings.Repeat("a", 32), strings.Repeat("b", 16)
	for given, isGood := range map[string]bool{
		"00-" + trace + "-" + span + "-01": true, "cc-" + trace + "-" + span + "-01-more": true, "00-" + trace + "-" + span + "-01-more": false,
		"ff-" + trace + "-" + span + "-01": false, "00-" + strings.Repeat("0", 32) + "-" + span + "-01": false, "00-" + trace + "-" + strings.Repeat("0", 16) + "-01": false,
		"nonsense": false,
	} {
		if got := callersTrace(http.Header{"Traceparent": {given}}); (got != nil) != isGood {
			t.Errorf("%s: %v", given, got)
		}
	}
}

func TestWhoWaitsIsToldOfTheEnd(t *testing.T) {
	late := &request{deadline: deadline{parent: t.Context(), at: time.Now().Add(-time.Second)}}
	if err := late.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	for _, waitsBefore := range []bool{true, false} {
		r := &request{deadline: deadline{parent: t.Context(), at: time.Now().Add(time.Hour)}}
		if waitsBefore {
			if r.Err() != nil || requestOf(context.WithValue(r, t, t)) != r {
				t.Error("it is over before its end")
			}
		}
		r.end()
		select {
		case <-r.Done():
		default:
			t.Error("a request that was answered is not over")
		}
	}
}
