package fields

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

func (c *checker) check(s *huma.Schema, value any) {
	if value == nil && s.Nullable || value == unread {
		return
	}
	if s.AnyOf != nil && !slices.ContainsFunc(s.AnyOf, func(one *huma.Schema) bool { return matches(one, value) }) {
		c.add("must be of one of the types that are described")
	}
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(one any) bool { return isSame(one, value) }) {
		c.add("must be one of the values that are described")
		return
	}
	switch s.Type {
	case huma.TypeBoolean:
		if _, ok := value.(bool); !ok {
			c.add("must be true or false")
		}
	case huma.TypeInteger, huma.TypeNumber:
		c.number(s, value)
	case huma.TypeString:
		c.text(s, value)
	case huma.TypeArray:
		c.list(s, value)
	case huma.TypeObject:
		c.object(s, value)
	}
}

func matches(s *huma.Schema, value any) bool {
	c := &checker{}
	c.check(s, value)
	return len(c.faults) == 0
}

// isSame compares values of JSON that are no lists and no objects.
func isSame(one, other any) bool {
	switch other.(type) {
	case []any, map[string]any:
		return false
	}
	return one == other
}

const maxWhole = 1<<53 - 1

func (c *checker) number(s *huma.Schema, value any) {
	number, ok := value.(float64)
	switch {
	case !ok:
		c.add("must be a number")
	case s.Type == huma.TypeInteger && (number != math.Trunc(number) || math.Abs(number) > maxWhole):
		c.add("must be a whole number")
	default:
		c.bounds(s, number)
	}
}

func (c *checker) bounds(s *huma.Schema, number float64) {
	if s.Minimum != nil && number < *s.Minimum {
		c.add(fmt.Sprintf("must be at least %v", *s.Minimum))
	}
	if s.Maximum != nil && number > *s.Maximum {
		c.add(fmt.Sprintf("must be at most %v", *s.Maximum))
	}
	if s.ExclusiveMinimum != nil && number <= *s.ExclusiveMinimum {
		c.add(fmt.Sprintf("must be more than %v", *s.ExclusiveMinimum))
	}
	if s.ExclusiveMaximum != nil && number >= *s.ExclusiveMaximum {
		c.add(fmt.Sprintf("must be less than %v", *s.ExclusiveMaximum))
	}
}

func (c *checker) text(s *huma.Schema, value any) {
	text, ok := value.(string)
	if !ok {
		c.add("must be a text")
		return
	}
	length := lengthOf(text)
	if s.MinLength != nil && length < *s.MinLength {
		c.add(fmt.Sprintf("must have at least %d characters", *s.MinLength))
	}
	if s.MaxLength != nil && length > *s.MaxLength {
		c.add(fmt.Sprintf("must have at most %d characters", *s.MaxLength))
	}
	known := compiledOf(s)
	if known.format != nil && !known.format(text) {
		c.add("must be of the format " + s.Format)
		return
	}
	if s.Format == "decimal" {
		number, _ := strconv.ParseFloat(text, 64)
		c.bounds(s, number)
	}
	if known.pattern != nil && !known.pattern.MatchString(text) {
		c.add("must match the pattern that is described")
	}
}

// lengthOf counts as the services of other languages do: a character beyond the first 65,536 is two.
func lengthOf(text string) int {
	length := 0
	for _, char := range text {
		length++
		if char > math.MaxUint16 {
			length++
		}
	}
	return length
}

func (c *checker) list(s *huma.Schema, value any) {
	list, ok := value.([]any)
	if !ok {
		c.add("must be a list")
		return
	}
	if s.MinItems != nil && len(list) < *s.MinItems {
		c.add(fmt.Sprintf("must have at least %d items", *s.MinItems))
	}
	if s.MaxItems != nil && len(list) > *s.MaxItems {
		c.add(fmt.Sprintf("must have at most %d items", *s.MaxItems))
	}
	for i, item := range list {
		c.at("/"+strconv.Itoa(i), func() { c.check(s.Items, item) })
	}
}

func (c *checker) object(s *huma.Schema, value any) {
	object, ok := value.(map[string]any)
	if !ok {
		c.add("must be an object")
		return
	}
	for _, one := range compiledOf(s).members {
		if member, isThere := object[one.name]; isThere {
			c.at(one.at, func() { c.check(one.schema, member) })
		} else if one.isRequired {
			c.at(one.at, func() { c.add("must be there") })
		}
	}
	if s.AdditionalProperties == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if s.Properties[name] != nil {
			continue
		}
		switch others := s.AdditionalProperties.(type) {
		case bool:
			c.add("has a member that is not described")
			return
		case *huma.Schema:
			c.at("/"+escaped(name), func() { c.check(others, object[name]) })
		}
	}
}
