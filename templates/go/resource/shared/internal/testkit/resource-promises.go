package testkit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

func (s *resourceTest) lifecycle(t *testing.T) {
	input, other := s.sample(), s.sample()
	url, item := s.create(t, input)
	same(t, item, input, 1)
	same(t, s.want(t, s.Do(http.MethodGet, url, nil), http.StatusOK, `"1"`), input, 1)
	same(t, s.want(t, s.Do(http.MethodPut, url, other, "If-Match", `"1"`), http.StatusOK, `"2"`), other, 2)
	same(t, s.want(t, s.Do(http.MethodGet, url, nil), http.StatusOK, `"2"`), other, 2)
	s.want(t, s.Do(http.MethodDelete, url, nil, "If-Match", `"2"`), http.StatusNoContent, "")
	s.want(t, s.Do(http.MethodGet, url, nil), http.StatusNotFound, "")
	s.want(t, s.Do(http.MethodPut, url, other, "If-Match", `"2"`), http.StatusNotFound, "")
	s.want(t, s.Do(http.MethodDelete, url, nil, "If-Match", `"2"`), http.StatusNotFound, "")
}

func (s *resourceTest) versions(t *testing.T) {
	url, _ := s.create(t, s.sample())
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		s.want(t, s.Do(method, url, s.sample()), http.StatusPreconditionRequired, "")
		s.want(t, s.Do(method, url, s.sample(), "If-Match", `"7"`), http.StatusPreconditionFailed, "")
		s.want(t, s.Do(method, url, s.sample(), "If-Match", `W/"1"`), http.StatusPreconditionFailed, "")
	}
	s.want(t, s.Do(http.MethodPut, url, s.sample(), "If-Match", `"7", "1"`), http.StatusOK, `"2"`)
	s.want(t, s.Do(http.MethodPut, url, s.sample(), "If-Match", "*"), http.StatusOK, `"3"`)
	s.want(t, s.Do(http.MethodDelete, url, nil, "If-Match", "*"), http.StatusNoContent, "")
}

func (s *resourceTest) race(t *testing.T) {
	url, _ := s.create(t, s.sample())
	statuses := make([]int, 2)
	var both sync.WaitGroup
	for i := range statuses {
		input := s.sample()
		both.Go(func() { statuses[i] = s.Do(http.MethodPut, url, input, "If-Match", `"1"`).Status })
	}
	both.Wait()
	slices.Sort(statuses)
	if !slices.Equal(statuses, []int{http.StatusOK, http.StatusPreconditionFailed}) {
		t.Errorf("answered %v", statuses)
	}
}

func (s *resourceTest) known(t *testing.T) {
	url, _ := s.create(t, s.sample())
	same := s.Do(http.MethodGet, url, nil, "If-None-Match", `"1"`)
	if same.Status != http.StatusNotModified || len(same.Body) > 0 || same.Header.Get("ETag") != `"1"` {
		t.Errorf("answered %d %v %s", same.Status, same.Header, same.Body)
	}
	s.want(t, s.Do(http.MethodGet, url, nil, "If-None-Match", `"7"`), http.StatusOK, `"1"`)
}

func (s *resourceTest) pages(t *testing.T) {
	created := map[any]int{}
	for range 5 {
		_, item := s.create(t, s.sample())
		created[item["id"]] = 0
	}
	for query := "?limit=2"; query != ""; {
		page := s.page(t, query)
		for _, item := range page.Items {
			if count, ok := created[item["id"]]; ok {
				created[item["id"]] = count + 1
			}
		}
		if query = ""; page.NextCursor != nil {
			query = "?limit=2&cursor=" + *page.NextCursor
		}
	}
	for id, count := range created {
		if count != 1 {
			t.Errorf("%v is on %d pages", id, count)
		}
	}
}

type resourcePage struct {
	Items      []map[string]any
	NextCursor *string
}

func (s *resourceTest) page(t *testing.T, query string) resourcePage {
	t.Helper()
	var page resourcePage
	answer := s.Do(http.MethodGet, s.Path+query, nil)
	s.want(t, answer, http.StatusOK, "")
	answer.JSON(&page)
	return page
}

func (s *resourceTest) badPages(t *testing.T) {
	for _, query := range []string{"cursor=?", "cursor=bm8gaWQ", "limit=0x10", "limit=1e2", "limit=1&limit=2"} {
		s.want(t, s.Do(http.MethodGet, s.Path+"?"+query, nil), http.StatusBadRequest, "")
	}
}

func (s *resourceTest) odd(t *testing.T) {
	const id = "11111111-1111-1111-1111-111111111111"
	_, item := s.create(t, s.sample())
	Execute(t, s.database, fmt.Sprintf("update %s set id = '%s'%s where id = '%v'", s.Table, id, s.Odd, item["id"]))
	url := s.Path + "/" + id
	s.want(t, s.Do(http.MethodGet, url, nil), http.StatusOK, `"1"`)
	isThere := slices.ContainsFunc(s.page(t, "?limit=100").Items, func(one map[string]any) bool { return one["id"] == id })
	if !isThere {
		t.Error("it is on no page")
	}
	s.want(t, s.Do(http.MethodDelete, url, nil, "If-Match", `"1"`), http.StatusNoContent, "")
}

func (s *resourceTest) absent(t *testing.T) {
	none, null := s.sample(), s.sample()
	for _, member := range s.Optionals {
		delete(none, member)
		null[member] = nil
	}
	for _, input := range []map[string]any{none, null} {
		_, item := s.create(t, input)
		for _, member := range s.Optionals {
			input[member] = nil
		}
		same(t, item, input, 1)
	}
}

func (s *resourceTest) taken(t *testing.T) {
	for _, member := range s.Uniques {
		_, first := s.create(t, s.sample())
		url, _ := s.create(t, s.sample())
		for _, answer := range []*Answer{
			s.Do(http.MethodPost, s.Path, changed(s.sample(), member, first[member])),
			s.Do(http.MethodPut, url, changed(s.sample(), member, first[member]), "If-Match", `"1"`),
		} {
			problem := s.want(t, answer, http.StatusConflict, "")
			if detail, _ := problem["detail"].(string); !strings.Contains(detail, `"`+member+`"`) {
				t.Errorf("says %q of %s", detail, member)
			}
		}
	}
}

func (s *resourceTest) moment(t *testing.T) {
	if s.Moment == "" {
		t.Skip("it has no moment")
	}
	_, item := s.create(t, changed(s.sample(), s.Moment, "2026-02-28T14:30:00.9999+02:00"))
	if item[s.Moment] != "2026-02-28T12:30:00.999Z" {
		t.Errorf("is %v", item[s.Moment])
	}
}
