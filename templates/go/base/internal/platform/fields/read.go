package fields

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform/problem"
)

// input is what a request says.
type input struct {
	parameters []parameter
	body       *body
}

type parameter struct {
	index    int
	in, name string
	// Its name as a JSON pointer.
	at         string
	schema     *huma.Schema
	fallback   string
	isRequired bool
	// Whether a list is one text, with commas.
	isInOne bool
}

// places are where parameters are, and what problems call that.
var places = map[string]string{"path": "params", "query": "querystring", "header": "headers"}

func inputOf(of reflect.Type) *input {
	in := &input{}
	for i := range of.NumField() {
		field := of.Field(i)
		if field.Name == "Body" {
			in.body = &body{i, schemaOfField(of, field, "Body"), mediaTypeOf(field), field.Tag.Get("required") != "false"}
			compiledOf(in.body.schema)
			continue
		}
		for place := range places {
			name, options, _ := strings.Cut(field.Tag.Get(place), ",")
			if name == "" {
				continue
			}
			schema := schemaOfField(of, field, name)
			if compiledOf(schema); field.Type.Kind() == reflect.Pointer {
				schema.Nullable = false
			}
			if fallback := field.Tag.Get("default"); fallback != "" {
				schema.Default, _ = fromText(schema, fallback)
			}
			isRequired := place == "path" || field.Tag.Get("required") == "true"
			in.parameters = append(in.parameters, parameter{i, place, name, "/" + escaped(name), schema, field.Tag.Get("default"), isRequired, options != "explode"})
		}
	}
	return in
}

func (in *input) describe() (parameters []*huma.Param, request *huma.RequestBody) {
	for _, p := range in.parameters {
		described := &huma.Param{Name: p.name, In: p.in, Required: p.isRequired, Description: p.schema.Description, Schema: p.schema}
		if isExploded := !p.isInOne; p.schema.Type == huma.TypeArray {
			described.Explode = &isExploded
		}
		parameters = append(parameters, described)
	}
	if in.body != nil {
		content := map[string]*huma.MediaType{in.body.mediaType: {Schema: in.body.schema}}
		request = &huma.RequestBody{Required: in.body.isRequired, Content: content}
	}
	return parameters, request
}

// read fills a struct, or says why not: what is wrong in the first place that has a fault.
func (in *input) read(r *http.Request, into reflect.Value) *problem.Error {
	refused := in.readPlace("path", into, func(name string) []string { return []string{r.PathValue(name)} })
	if refused == nil && in.body != nil {
		refused = in.body.read(r, into)
	}
	if refused == nil {
		query := pairsOf(r.URL.RawQuery)
		refused = in.readPlace("query", into, func(name string) []string { return query[name] })
	}
	if refused == nil {
		refused = in.readPlace("header", into, func(name string) []string {
			given := r.Header.Values(name)
			if len(given) > 1 {
				return []string{strings.Join(given, ", ")}
			}
			return given
		})
	}
	return refused
}

func (in *input) readPlace(place string, into reflect.Value, find func(name string) []string) *problem.Error {
	c := &checker{in: places[place]}
	for _, p := range in.parameters {
		if p.in != place {
			continue
		}
		given := find(p.name)
		if given == nil && p.fallback != "" {
			given = []string{p.fallback}
		}
		c.at(p.at, func() {
			if given == nil && p.isRequired {
				c.add("must be there")
			} else if given != nil {
				value := c.texts(p.schema, given, p.isInOne && place == "query")
				if c.check(p.schema, value); len(c.faults) == 0 {
					set(into.Field(p.index), value)
				}
			}
		})
	}
	return c.problem()
}

// unread stands for a value that is no text of its type: what is wrong with it has been said.
var unread any = new(byte)

// texts reads a value that arrived as one text, or as several.
func (c *checker) texts(schema *huma.Schema, given []string, isInOne bool) any {
	one := func(schema *huma.Schema, text string) any {
		value, reason := fromText(schema, text)
		if reason != "" {
			c.add(reason)
			return unread
		}
		return value
	}
	switch {
	case len(given) > 1 && (schema.Type != huma.TypeArray || isInOne):
		c.add("may be given once")
		return unread
	case schema.Type != huma.TypeArray:
		return one(schema, given[0])
	case isInOne && given[0] == "":
		return []any{}
	case isInOne:
		given = strings.Split(given[0], ",")
	}
	list := make([]any, len(given))
	for i, text := range given {
		c.at("/"+strconv.Itoa(i), func() { list[i] = one(schema.Items, text) })
	}
	return list
}

// pairsOf reads a query or a form. What is escaped badly is taken as it is.
func pairsOf(text string) map[string][]string {
	var pairs map[string][]string
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if name = unescaped(name); pairs == nil {
			pairs = map[string][]string{}
		}
		pairs[name] = append(pairs[name], unescaped(value))
	}
	return pairs
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
