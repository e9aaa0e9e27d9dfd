package fields

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// ErrMismatch is what every error of Decode wraps.
var ErrMismatch = errors.New("it does not match")

// What is read again and again has one schema.
var decoded sync.Map

// Decode reads JSON of others, which may have more members than T. An error says where it does not match, never what is there.
func Decode[T any](content []byte) (value T, err error) {
	var read any
	if json.Unmarshal(content, &read) != nil {
		return value, fmt.Errorf("%w: no JSON", ErrMismatch)
	}
	schema, isKnown := decoded.Load(reflect.TypeFor[T]())
	if !isKnown {
		schema, _ = decoded.LoadOrStore(reflect.TypeFor[T](), schemaOf(reflect.TypeFor[T]()))
	}
	c := &checker{}
	if c.check(schema.(*huma.Schema), read); len(c.faults) > 0 {
		places := make([]string, len(c.faults))
		for i, one := range c.faults {
			places[i] = one.Path
		}
		return value, fmt.Errorf("%w at %s", ErrMismatch, strings.Join(places, ", "))
	}
	set(reflect.ValueOf(&value).Elem(), read)
	return value, nil
}
