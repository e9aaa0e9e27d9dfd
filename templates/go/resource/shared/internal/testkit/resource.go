package testkit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"sync/atomic"
	"testing"
)

// Resource says what a test has to know of a resource.
type Resource struct {
	Path  string
	Table string
	// Odd sets columns to what no client may write: `, due_on = 'infinity'`.
	Odd string
	// Moment is a member that is a moment, if there is one.
	Moment    string
	Uniques   []string
	Optionals []string
	// Sample is a valid one, in the form in which it is answered; no two have a unique value in common.
	Sample func(n int) map[string]any
	// Wrong has a value of each member that is refused.
	Wrong map[string]any
}

type resourceTest struct {
	Resource
	*Service
	database string
	samples  atomic.Int64
}

// Test holds a resource against what all of them promise.
func (r Resource) Test(t *testing.T) {
	t.Helper()
	database := Database(t)
	s := &resourceTest{Resource: r, Service: New(t, map[string]string{"DATABASE_URL": database}), database: database}
	t.Run("it is created, read, changed and deleted", s.lifecycle)
	t.Run("a change says which version it is meant for", s.versions)
	t.Run("of two changes at once one wins", s.race)
	t.Run("what the caller has is not sent again", s.known)
	t.Run("pages have each once", s.pages)
	t.Run("a cursor or a limit that is none is refused", s.badPages)
	t.Run("what no client may write is answered where it is stored", s.odd)
	t.Run("an optional member may be absent or null", s.absent)
	t.Run("a unique value is taken once", s.taken)
	t.Run("a moment is answered in UTC", s.moment)
	for member, value := range r.Wrong {
		t.Run(fmt.Sprintf("%s is refused when it is %v", member, value), func(t *testing.T) {
			answer := s.Do(http.MethodPost, r.Path, changed(s.sample(), member, value))
			var problem struct{ Errors []struct{ Path string } }
			answer.JSON(&problem)
			if answer.Status != http.StatusBadRequest || len(problem.Errors) == 0 || problem.Errors[0].Path != "/"+member {
				t.Errorf("%d %s", answer.Status, answer.Body)
			}
		})
	}
}

// sample is as JSON has it.
func (s *resourceTest) sample() map[string]any {
	text, _ := json.Marshal(s.Sample(int(s.samples.Add(1))))
	plain := map[string]any{}
	_ = json.Unmarshal(text, &plain)
	return plain
}

func changed(item map[string]any, member string, value any) map[string]any {
	item[member] = value
	return item
}

func (s *resourceTest) want(t *testing.T, answer *Answer, status int, tag string) map[string]any {
	t.Helper()
	if answer.Status != status || tag != "" && answer.Header.Get("ETag") != tag {
		t.Fatalf("answered %d with ETag %q, want %d with %q: %s", answer.Status, answer.Header.Get("ETag"), status, tag, answer.Body)
	}
	item := map[string]any{}
	if len(answer.Body) > 0 {
		answer.JSON(&item)
	}
	return item
}

func (s *resourceTest) create(t *testing.T, input map[string]any) (url string, item map[string]any) {
	t.Helper()
	answer := s.Do(http.MethodPost, s.Path, input)
	item = s.want(t, answer, http.StatusCreated, `"1"`)
	url = fmt.Sprintf("%s/%v", s.Path, item["id"])
	if location := answer.Header.Get("Location"); location != url {
		t.Fatalf("Location is %q, want %q", location, url)
	}
	return url, item
}

func same(t *testing.T, got, input map[string]any, version int) {
	t.Helper()
	want := map[string]any{"id": got["id"], "version": float64(version)}
	for member, value := range input {
		want[member] = value
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("is %v, want %v", got, want)
	}
}
