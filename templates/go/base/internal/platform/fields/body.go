package fields

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform/problem"
)

const formType = "application/x-www-form-urlencoded"

// body is that of a request.
type body struct {
	index      int
	schema     *huma.Schema
	mediaType  string
	isRequired bool
}

func mediaTypeOf(field reflect.StructField) string {
	if given := field.Tag.Get("contentType"); given != "" {
		return given
	}
	return "application/json"
}

func isText(mediaType string) bool { return strings.HasPrefix(mediaType, "text/") }

func (b *body) read(r *http.Request, into reflect.Value) *problem.Error {
	if r.Header.Get("Content-Encoding") != "" {
		return problem.New(http.StatusUnsupportedMediaType, "The body may not be encoded.").With("Accept-Encoding", "identity")
	}
	content := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(content)
	content.Reset()
	_, err := content.ReadFrom(r.Body)
	switch {
	case err == nil:
	case errors.As(err, new(*http.MaxBytesError)):
		return problem.New(http.StatusRequestEntityTooLarge, "The body is larger than the service accepts.")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem.New(http.StatusRequestTimeout, "").With("Connection", "close")
	default:
		return problem.New(http.StatusBadRequest, "The body cannot be read.")
	}
	c := &checker{in: "body"}
	value, isThere, refused := b.value(c, r.Header.Get("Content-Type"), content.Bytes())
	switch {
	case refused != nil:
		return refused
	case !isThere && b.isRequired:
		c.add("must be there")
	case value != nil || b.isRequired:
		c.check(b.schema, value)
	}
	if len(c.faults) == 0 {
		set(into.Field(b.index), value)
	}
	return c.problem()
}

// value is the body as JSON has it, whatever its media type is.
func (b *body) value(c *checker, contentType string, content []byte) (value any, isThere bool, err *problem.Error) {
	if contentType == "" && len(content) == 0 {
		return nil, false, nil
	}
	mediaType, charset := contentType, ""
	if contentType != b.mediaType {
		var parameters map[string]string
		mediaType, parameters, _ = mime.ParseMediaType(contentType)
		charset = strings.ToLower(parameters["charset"])
	}
	isJSON := mediaType != formType && !isText(mediaType)
	switch {
	case mediaType != b.mediaType:
		err = problem.New(http.StatusUnsupportedMediaType, "The content type is not supported.")
	case charset != "" && charset != "utf-8" && charset != "utf8":
		err = problem.New(http.StatusUnsupportedMediaType, "The charset is not UTF-8.")
	case isJSON && len(content) == 0:
		err = problem.New(http.StatusBadRequest, "The body is empty, but its content type is JSON.")
	case isJSON:
		if reason := unmarshal(content, &value); reason != nil {
			err = problem.New(http.StatusBadRequest, "The body "+reason.Error()+".")
		}
	case !utf8.Valid(content):
		err = problem.New(http.StatusBadRequest, "The body is not UTF-8.")
	case mediaType == formType:
		value = c.form(b.schema, string(content))
	default:
		value = string(content)
	}
	return value, true, err
}

var (
	half         = regexp.MustCompile(`(?i)\\ud[89a-f]`)
	otherEscapes = regexp.MustCompile(`(?i)\\[^u]|\\ud[89ab]..\\ud[c-f]..`)
)

// unmarshal reads JSON. What is no UTF-8, or half of a surrogate pair, is refused and not replaced.
func unmarshal(data []byte, into any) error {
	switch {
	case !utf8.Valid(data):
		return errors.New("is not UTF-8")
	case bytes.Contains(data, []byte(`\u`)) && half.Match(data) && half.Match(otherEscapes.ReplaceAll(data, nil)):
		return errors.New("has half of a surrogate pair")
	case json.Unmarshal(data, into) != nil:
		return errors.New("is not valid JSON")
	}
	return nil
}

// form reads the members of an object from texts.
func (c *checker) form(schema *huma.Schema, text string) map[string]any {
	object := map[string]any{}
	for name, given := range pairsOf(text) {
		if one := schema.Properties[name]; one != nil {
			c.at("/"+escaped(name), func() { object[name] = c.texts(one, given, false) })
		}
	}
	return object
}

// set fills a value of Go with one of JSON, which its schema takes.
func set(into reflect.Value, value any) {
	if value == nil {
		return
	}
	if into.Type() == timeType {
		text, _ := value.(string)
		at, _ := time.Parse(time.RFC3339, text)
		into.Set(reflect.ValueOf(at))
		return
	}
	switch kind := into.Kind(); {
	case kind == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		set(into.Elem(), value)
	case kind == reflect.Struct:
		object, _ := value.(map[string]any)
		for _, one := range membersOf(into.Type()) {
			set(into.Field(one.index), object[one.name])
		}
	case kind == reflect.Slice:
		list, _ := value.([]any)
		into.Set(reflect.MakeSlice(into.Type(), len(list), len(list)))
		for i, item := range list {
			set(into.Index(i), item)
		}
	case kind == reflect.Map:
		object, _ := value.(map[string]any)
		into.Set(reflect.MakeMap(into.Type()))
		for name, other := range object {
			item := reflect.New(into.Type().Elem()).Elem()
			set(item, other)
			into.SetMapIndex(reflect.ValueOf(name).Convert(into.Type().Key()), item)
		}
	case into.CanInt():
		number, _ := value.(float64)
		into.SetInt(int64(number))
	case kind == reflect.String:
		text, _ := value.(string)
		into.SetString(text)
	default:
		into.Set(reflect.ValueOf(value).Convert(into.Type()))
	}
}
