package fields

import (
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Of is the schema of a type.
func Of[T any]() *huma.Schema { return schemaOf(reflect.TypeFor[T]()) }

// Any value will do.
func Any() *huma.Schema { return &huma.Schema{} }

// Boolean is true or false.
func Boolean() *huma.Schema { return &huma.Schema{Type: huma.TypeBoolean} }

// Integer is a whole number.
func Integer(limits ...Limit) *huma.Schema { return limited(huma.TypeInteger, limits) }

// Number may have a fraction.
func Number(limits ...Limit) *huma.Schema { return limited(huma.TypeNumber, limits) }

// String is a text.
func String(limits ...Limit) *huma.Schema { return limited(huma.TypeString, limits) }

// Format is a text of a form that has a name.
func Format(name string) *huma.Schema { return inFormat(String(), name) }

// Decimal is an amount with up to four decimals, as text.
func Decimal(limits ...Limit) *huma.Schema {
	schema := Number(limits...)
	schema.Type = huma.TypeString
	return inFormat(schema, "decimal")
}

// Enum is one of these values.
func Enum(values ...any) *huma.Schema {
	for i, value := range values {
		if whole, ok := value.(int); ok {
			values[i] = float64(whole)
		}
	}
	return &huma.Schema{Enum: values}
}

// Null is nothing but null.
func Null() *huma.Schema { return Enum(nil) }

// List is an array of one type.
func List(items *huma.Schema, limits ...Limit) *huma.Schema {
	schema := limited(huma.TypeArray, limits)
	schema.Items = items
	return schema
}

// AnyOf is one of several types.
func AnyOf(types ...*huma.Schema) *huma.Schema { return &huma.Schema{AnyOf: types} }

// Member is one of an object.
type Member struct {
	name       string
	schema     *huma.Schema
	isOptional bool
}

// Required is a member that has to be there.
func Required(name string, schema *huma.Schema) Member { return Member{name, schema, false} }

// Optional is a member that may be absent.
func Optional(name string, schema *huma.Schema) Member { return Member{name, schema, true} }

// Object has these members. Others are of a schema, or refused: false; nil takes any.
func Object(others any, members ...Member) *huma.Schema {
	object := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: others, Properties: map[string]*huma.Schema{}}
	for _, one := range members {
		object.Properties[one.name] = one.schema
		if !one.isOptional {
			object.Required = append(object.Required, one.name)
		}
	}
	return object
}

// Limit bounds a number, the length of a text or the count of a list.
type Limit func(*huma.Schema)

// Least is the lower bound.
func Least(value float64) Limit {
	return func(s *huma.Schema) { s.Minimum, s.MinLength, s.MinItems = boundOf(s.Type, value) }
}

// Most is the upper bound.
func Most(value float64) Limit {
	return func(s *huma.Schema) { s.Maximum, s.MaxLength, s.MaxItems = boundOf(s.Type, value) }
}

// Above leaves its bound out.
func Above(value float64) Limit { return func(s *huma.Schema) { s.ExclusiveMinimum = &value } }

// Below leaves its bound out.
func Below(value float64) Limit { return func(s *huma.Schema) { s.ExclusiveMaximum = &value } }

func boundOf(of string, value float64) (number *float64, length, count *int) {
	whole := int(value)
	switch of {
	case huma.TypeString:
		return nil, &whole, nil
	case huma.TypeArray:
		return nil, nil, &whole
	}
	return &value, nil, nil
}

func limited(of string, limits []Limit) *huma.Schema {
	schema := &huma.Schema{Type: of}
	for _, limit := range limits {
		limit(schema)
	}
	return schema
}

// Check says what is wrong with an answer, for tests: O is that of the handler.
func Check[O any](_ API, content []byte) error {
	out := outputOf(reflect.TypeFor[O]())
	var value any = string(content)
	if out.body >= 0 && !isText(out.mediaType[0]) {
		if err := unmarshal(content, &value); err != nil {
			return err
		}
	}
	c := &checker{in: "body"}
	if out.body >= 0 {
		c.check(out.schema, value)
	}
	if wrong := c.problem(); wrong != nil {
		return fmt.Errorf("the answer is not as it is described: %v", wrong.Errors)
	}
	return nil
}
