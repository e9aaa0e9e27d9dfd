package fields

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform/problem"
)

type closed struct {
	_ struct{} `additionalProperties:"false"`
	A string   `json:"a,omitempty"`
}

type key string

type odd struct {
	V any `json:"v"`
}

func (odd) SchemaOf(string) *huma.Schema {
	whole := &huma.Schema{Type: huma.TypeInteger}
	return &huma.Schema{AnyOf: []*huma.Schema{whole, {Type: huma.TypeArray, Items: whole}}}
}

// What a member `v` takes, and what it refuses.
func TestValues(t *testing.T) {
	wide := strings.Repeat("\U0001F600", 2)
	for _, one := range []struct {
		of        reflect.Type
		good, bad string
	}{
		{reflect.TypeFor[struct {
			V int `json:"v" minimum:"1" exclusiveMaximum:"5"`
		}](), `1 4 4.0 1e0`, `0 5 1.5 "1" null true [1]`},
		{reflect.TypeFor[struct {
			V int64 `json:"v"`
		}](), `-7 9007199254740991`, `9007199254740993 "7" 0.5`},
		{reflect.TypeFor[struct {
			V int32 `json:"v"`
		}](), `-2147483648 2147483647`, `2147483648 0.5`},
		{reflect.TypeFor[struct {
			V uint16 `json:"v" maximum:"9"`
		}](), `0 9`, `-1 10`},
		{reflect.TypeFor[struct {
			V uint `json:"v"`
		}](), `0 9007199254740991`, `-1`},
		{reflect.TypeFor[struct {
			V float32 `json:"v"`
		}](), `0.5 1`, `"1"`},
		{reflect.TypeFor[struct {
			V float64 `json:"v" exclusiveMinimum:"0" maximum:"1"`
		}](), `0.1 1`, `0 1.1 "0.5"`},
		{reflect.TypeFor[struct {
			V *int `json:"v" enum:"1,2"`
		}](), `1 null`, `3 "1" [1]`},
		{reflect.TypeFor[struct {
			V bool `json:"v"`
		}](), `true`, `1 "true" null`},
		{reflect.TypeFor[struct {
			V string `json:"v" minLength:"2" maxLength:"4"`
		}](), `"ab" "` + wide + `"`, `"a" "abcde" "` + wide + `a" 12`},
		{reflect.TypeFor[struct {
			V string `json:"v" enum:"a,b"`
		}](), `"a"`, `"c" "A" ""`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"date"`
		}](), `"2024-02-29" "2000-02-29"`, `"2023-02-29" "1900-02-29" "2026-13-01" "26-01-01"`},
		{reflect.TypeFor[struct {
			V time.Time `json:"v"`
		}](), `"2026-01-31T12:00:00Z" "2026-01-31T12:00:00.5+02:00"`, `"2026-01-31T12:00Z" "2026-01-31" "2026-01-31T24:00:00Z" 1`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"decimal" minimum:"0" exclusiveMaximum:"10"`
		}](), `"0" "9.9999"`, `"10" "-1" "1.23456" "1." 1`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"email"`
		}](), `"a.b+c@example.co"`, `"a" "a@b" ".a@b.co" "a@b..co" "` + strings.Repeat("a", 65) + `@b.co"`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"uuid"`
		}](), `"0198c5d1-2d3e-4f5a-8b6c-7D8E9F0A1B2C"`, `"0198c5d12d3e4f5a8b6c7d8e9f0a1b2c" "1"`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"uri"`
		}](), `"urn:a:1" "mailto:a@b"`, `"a" "//a" "http://" "http://a:70000" "urn:é"`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"url"`
		}](), `"https://a.b/c?d#e"`, `"ftp://a" "http:///a" "urn:a"`},
		{reflect.TypeFor[struct {
			V string `json:"v" format:"line"`
		}](), `"" "aé"`, `" a" "a\u00a0" "a\nb" "a\u0000"`},
		{reflect.TypeFor[struct {
			V []int `json:"v" minItems:"1" maxItems:"2" maximum:"9"`
		}](), `[1] [1,9]`, `[] [1,2,3] [10] ["1"] {} null`},
		{reflect.TypeFor[struct {
			V map[key]bool `json:"v"`
		}](), `{} {"a":true}`, `{"a":1} []`},
		{reflect.TypeFor[struct {
			V closed `json:"v"`
		}](), `{} {"a":"b"}`, `{"b":1} {"a":null} {"A":"b"}`},
		{reflect.TypeFor[struct {
			V *closed `json:"v,omitempty" nullable:"true"`
		}](), `{} null`, `1`},
		{reflect.TypeFor[struct {
			V any `json:"v"`
		}](), `null 1 {"a":[1]}`, ``},
		{reflect.TypeFor[odd](), `1 [1] []`, `"1" ["1"] 0.5`},
	} {
		schema := schemaOf(one.of)
		for _, kind := range []struct {
			values string
			isGood bool
		}{{one.good, true}, {one.bad, false}} {
			for _, value := range strings.Fields(strings.ReplaceAll(kind.values, `" a"`, `"\u0020a"`)) {
				var read any
				if err := unmarshal([]byte(`{"v":`+value+`,"more":1}`), &read); err != nil {
					t.Fatal(value, err)
				}
				c := &checker{in: "body"}
				if c.check(schema, read); (len(c.faults) == 0) != kind.isGood {
					t.Errorf("%s of %s: %v", value, one.of, c.faults)
				}
				if kind.isGood {
					set(reflect.New(one.of).Elem(), read) // Fills it, and does not panic.
				}
			}
		}
	}
}

func TestValuesArriveAsTheyAre(t *testing.T) {
	type all struct {
		Whole int64            `json:"whole"`
		At    time.Time        `json:"at"`
		None  *string          `json:"none"`
		Some  *string          `json:"some"`
		List  [][]float64      `json:"list"`
		Map   map[string]int   `json:"map"`
		Any   any              `json:"any"`
		Deep  struct{ B bool } `json:"deep"`
		Named string
	}
	got, err := Decode[all]([]byte(`{"whole":9007199254740991,"at":"2026-01-31T12:00:00+02:00","none":null,"some":"a","list":[[1],[]],` +
		`"map":{"a":1},"any":[null],"deep":{"B":true},"Named":"b","named":1}`))
	if err != nil {
		t.Fatal(err)
	}
	values := []any{got.Whole, got.At.UTC(), got.None, *got.Some, got.List, got.Map, got.Any, got.Deep, got.Named}
	if text := fmt.Sprint(values); text != "[9007199254740991 2026-01-31 10:00:00 +0000 UTC <nil> a [[1] []] map[a:1] [<nil>] {true} b]" {
		t.Error(text)
	}
}

func TestPatterns(t *testing.T) {
	for pattern, one := range map[string]struct{ good, bad []string }{
		`^[\w\s]+$`:        {[]string{"hello world", "a\u00a0b", "a\vb"}, []string{"a-b", "]"}},
		`^[^\s]+$`:         {[]string{"a-b"}, []string{"a b", "a\u3000b", "\ufeff"}},
		`^\s\S$`:           {[]string{"\u2028x"}, []string{"xx", "\u2028\u2028"}},
		`^[\S]$`:           {[]string{"x", "é", "\U0001F600"}, []string{" ", "\u00a0"}},
		`^[^\S]$`:          {[]string{" ", "\ufeff"}, []string{"x"}},
		`^\\server$`:       {[]string{`\server`}, []string{`\ erver`}},
		`^\[\s\]$`:         {[]string{"[ ]", "[\u00a0]"}, []string{"[x]"}},
		`^[[:alpha:]\s]+$`: {[]string{"a b"}, []string{":", "1"}},
		`^[]\s]+$`:         {[]string{"] ]"}, []string{"x"}},
		`^[[\s]+\s$`:       {[]string{"[[ "}, []string{"x "}},
		`^[[]\s$`:          {[]string{"[ "}, []string{"[x"}},
		`^[\]\s]\s$`:       {[]string{"]\u00a0"}, []string{"]]"}},
	} {
		c := compiledOf(&huma.Schema{Pattern: pattern}).pattern
		for _, text := range one.good {
			if !c.MatchString(text) {
				t.Errorf("%s refuses %q", pattern, text)
			}
		}
		for _, text := range one.bad {
			if c.MatchString(text) {
				t.Errorf("%s takes %q", pattern, text)
			}
		}
	}
}

// routes is an API without anything around it.
type routes map[string]http.HandlerFunc

func (r routes) Route(op *huma.Operation, handler http.HandlerFunc) { r[op.Path] = handler }

func (r routes) Fail(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, err.Error(), 500)
}

func register[I any]() {
	Register(routes{}, huma.Operation{Path: "/"}, func(context.Context, *I) (*struct{}, error) { return nil, nil })
}

func TestWhatCannotBeAskedIsNotServed(t *testing.T) {
	for name, one := range map[string]func(){
		"a pattern that is none": register[struct {
			Body struct {
				V []struct {
					W string `json:"w" pattern:"^(?=a)"`
				} `json:"v"`
			}
		}],
		"a parameter's pattern": register[struct {
			V string `query:"v" pattern:"("`
		}],
		"a function":             register[struct{ Body struct{ V func() } }],
		"keys that are no texts": register[struct{ Body struct{ V map[int]string } }],
		"an interface":           register[struct{ Body struct{ V error } }],
		"bytes":                  register[struct{ Body struct{ V []byte } }],
		"what is embedded": register[struct {
			Body struct{ closed }
		}],
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error(name)
				}
			}()
			one()
		}()
	}
}

type everything struct {
	ID    string    `path:"id" format:"uuid"`
	Limit int       `query:"limit" minimum:"1" maximum:"9" default:"5"`
	Is    *bool     `query:"is"`
	Many  []string  `query:"many,explode" maxItems:"2"`
	List  []int     `query:"list"`
	At    time.Time `query:"at"`
	Kind  string    `header:"X-Kind" enum:"a,b" required:"true"`
}

// ask reads a request as a handler of I gets it.
func ask[I any](r *http.Request) (*I, *problem.Error) {
	in := new(I)
	return in, inputOf(reflect.TypeFor[I]()).read(r, reflect.ValueOf(in).Elem())
}

func faultsOf(p *problem.Error) string {
	if p == nil {
		return ""
	}
	said := []string{}
	for _, one := range p.Errors {
		said = append(said, one.In+" "+one.Path+" "+one.Message)
	}
	return strings.Join(said, "; ")
}

func TestParameters(t *testing.T) {
	const id = "0198c5d1-2d3e-4f5a-8b6c-7d8e9f0a1b2c"
	for _, one := range []struct{ id, query, kind, want string }{
		{id, "", "a", ""},
		{id, "limit=9&is=false&many=a,b&many=&list=1,-2&at=2026-01-31T12:00:00Z&more=1&more=2", "b", ""},
		{id, "list=", "a", ""},
		{"1", "limit=0", "", "params /id must be of the format uuid"},
		{id, "limit=0&is=1", "c", "querystring /limit must be at least 1; querystring /is must be true or false"},
		{id, "limit=1&limit=2", "a", "querystring /limit may be given once"},
		{id, "limit=", "a", "querystring /limit must be a whole number"},
		{id, "limit=01", "a", "querystring /limit must be a whole number"},
		{id, "many=1&many=2&many=3", "a", "querystring /many must have at most 2 items"},
		{id, "list=1,,x", "a", "querystring /list/1 must be a whole number; querystring /list/2 must be a whole number"},
		{id, "list=1&list=2", "a", "querystring /list may be given once"},
		{id, "at=now", "a", "querystring /at must be of the format date-time"},
		{id, "", "", "headers /X-Kind must be there"},
		{id, "", "c", "headers /X-Kind must be one of the values that are described"},
	} {
		r := httptest.NewRequest("GET", "/?"+one.query, nil)
		r.SetPathValue("id", one.id)
		if one.kind != "" {
			r.Header.Set("X-Kind", one.kind)
		}
		in, refused := ask[everything](r)
		if got := faultsOf(refused); got != one.want {
			t.Errorf("%s: %s, not %s", one.query, got, one.want)
		}
		if strings.HasPrefix(one.query, "limit=9") && (in.Limit != 9 || *in.Is || fmt.Sprint(in.Many, in.List, in.At.Unix()) != "[a,b ] [1 -2] 1769860800") {
			t.Errorf("%+v", in)
		}
		if one.query == "" && one.want == "" && (in.Limit != 5 || in.Is != nil || in.Many != nil) {
			t.Errorf("%+v", in)
		}
	}
}

func TestForms(t *testing.T) {
	type form struct {
		Body struct {
			Count int      `json:"count" minimum:"1"`
			Tags  []string `json:"tags,omitempty"`
			A     string   `json:"a/b,omitempty" maxLength:"3"`
		} `contentType:"application/x-www-form-urlencoded"`
	}
	for text, want := range map[string]string{
		"count=2&tags=a&tags=b%26&a%2Fb=%zz": "", "count=0": "body /count must be at least 1", "": "body /count must be there",
		"count=1&count=2": "body /count may be given once", "count=1&a%2Fb=long": "body /a~1b must have at most 3 characters",
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(text))
		r.Header.Set("Content-Type", formType)
		in, refused := ask[form](r)
		if got := faultsOf(refused); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
		if want == "" && fmt.Sprintf("%v %v %s", in.Body.Count, in.Body.Tags, in.Body.A) != "2 [a b&] %zz" {
			t.Errorf("%+v", in.Body)
		}
	}
}

func TestABodyThatMayBeAbsent(t *testing.T) {
	type optional struct {
		Body *struct {
			N int `json:"n"`
		} `required:"false"`
	}
	if in, refused := ask[optional](httptest.NewRequest("POST", "/", nil)); refused != nil || in.Body != nil {
		t.Error(in, refused)
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader(`{"n":1}`))
	r.Header.Set("Content-Type", "application/json")
	if in, refused := ask[optional](r); refused != nil || in.Body == nil || in.Body.N != 1 {
		t.Error(in, refused)
	}
}

func TestABodyThatDoesNotArrive(t *testing.T) {
	type text struct {
		Body string `contentType:"text/plain"`
	}
	for _, one := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("read: %w", os.ErrDeadlineExceeded), http.StatusRequestTimeout},
		{&http.MaxBytesError{}, http.StatusRequestEntityTooLarge},
		{errors.New("reset"), http.StatusBadRequest},
	} {
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(one.err)))
		r.Header.Set("Content-Type", "text/plain")
		if _, refused := ask[text](r); refused == nil || refused.Status != one.status {
			t.Errorf("%v: %v", one.err, refused)
		}
	}
}
