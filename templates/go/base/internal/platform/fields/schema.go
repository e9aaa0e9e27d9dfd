package fields

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// described is a struct with fields that tags cannot describe: it says their schemas by their names in JSON.
type described interface {
	SchemaOf(member string) *huma.Schema
}

// member is a field of a struct that is an object in JSON.
type member struct {
	index      int
	name       string
	isOptional bool
	field      reflect.StructField
}

var knownMembers sync.Map

func membersOf(of reflect.Type) (members []member) {
	if known, ok := knownMembers.Load(of); ok {
		return known.([]member)
	}
	for i := range of.NumField() {
		field := of.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			panic(fmt.Sprintf("%s: a struct that is embedded cannot be described: name its fields, or give it a name", of))
		}
		if !field.IsExported() || name == "-" && options == "" {
			continue
		}
		name = cmp.Or(name, field.Name)
		isOptional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		members = append(members, member{i, name, isOptional, field})
	}
	knownMembers.Store(of, members)
	return members
}

// schemaOfField is what the tags of a field say, or the method SchemaOf of its struct.
func schemaOfField(of reflect.Type, field reflect.StructField, name string) *huma.Schema {
	schema := schemaOf(field.Type)
	if own, ok := reflect.New(of).Interface().(described); ok {
		schema = cmp.Or(own.SchemaOf(name), schema)
	}
	tag := field.Tag
	schema.Description = tag.Get("doc")
	schema.MinItems, schema.MaxItems = cmp.Or(whole(tag, "minItems"), schema.MinItems), cmp.Or(whole(tag, "maxItems"), schema.MaxItems)
	if tag.Get("nullable") == "true" {
		schema = Nullable(schema)
	}
	if strings.Contains(tag.Get("json"), "omitempty") && tag.Get("nullable") != "true" {
		schema.Nullable = false
	}
	one := schema
	if schema.Type == huma.TypeArray {
		one = schema.Items
	}
	one.Minimum, one.Maximum = cmp.Or(number(tag, "minimum"), one.Minimum), cmp.Or(number(tag, "maximum"), one.Maximum)
	one.ExclusiveMinimum = cmp.Or(number(tag, "exclusiveMinimum"), one.ExclusiveMinimum)
	one.ExclusiveMaximum = cmp.Or(number(tag, "exclusiveMaximum"), one.ExclusiveMaximum)
	one.MinLength, one.MaxLength = cmp.Or(whole(tag, "minLength"), one.MinLength), cmp.Or(whole(tag, "maxLength"), one.MaxLength)
	if format := tag.Get("format"); format != "" {
		inFormat(one, format)
	}
	if pattern := tag.Get("pattern"); pattern != "" {
		one.Pattern = pattern
	}
	if values, ok := tag.Lookup("enum"); ok {
		for value := range strings.SplitSeq(values, ",") {
			given, _ := fromText(one, value)
			one.Enum = append(one.Enum, given)
		}
		if one.Nullable {
			one.Enum = append(one.Enum, nil)
		}
	}
	return schema
}

// Nullable may be null too.
func Nullable(schema *huma.Schema) *huma.Schema {
	if schema.Type == "" {
		return &huma.Schema{AnyOf: []*huma.Schema{schema, {Enum: []any{nil}}}}
	}
	schema.Nullable = true
	return schema
}

// schemaOf is what a type says by itself. It panics for one that [set] could not fill, before a client meets it.
func schemaOf(of reflect.Type) *huma.Schema {
	if of == timeType {
		return inFormat(&huma.Schema{Type: huma.TypeString}, "date-time")
	}
	switch kind := of.Kind(); {
	case kind == reflect.Interface && of.NumMethod() == 0:
		return &huma.Schema{}
	case kind == reflect.Pointer:
		return Nullable(schemaOf(of.Elem()))
	case kind == reflect.Bool:
		return &huma.Schema{Type: huma.TypeBoolean}
	case kind >= reflect.Int && kind <= reflect.Uint64 && kind != reflect.Uint8: // Bytes are a text in JSON.
		return wholeOf(of)
	case kind == reflect.Float32 || kind == reflect.Float64:
		return &huma.Schema{Type: huma.TypeNumber}
	case kind == reflect.String:
		return &huma.Schema{Type: huma.TypeString}
	case kind == reflect.Slice:
		return &huma.Schema{Type: huma.TypeArray, Items: schemaOf(of.Elem())}
	case kind == reflect.Map && of.Key().Kind() == reflect.String:
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: schemaOf(of.Elem())}
	case kind == reflect.Struct:
		object := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}}
		if blank, ok := of.FieldByName("_"); ok && blank.Tag.Get("additionalProperties") == "false" {
			object.AdditionalProperties = false
		}
		for _, one := range membersOf(of) {
			object.Properties[one.name] = schemaOfField(of, one.field, one.name)
			if !one.isOptional {
				object.Required = append(object.Required, one.name)
			}
		}
		return object
	}
	panic(fmt.Sprintf("%s cannot be described: use a number, string, bool, time.Time, or a struct, a slice or a map of these", of))
}

// wholeOf has the bounds of a type of whole numbers. Of those with 64 bits, JSON has fewer: see [checker.number].
func wholeOf(of reflect.Type) *huma.Schema {
	least, most := 0.0, math.Ldexp(1, of.Bits())-1
	if of.Kind() <= reflect.Int64 {
		least, most = -math.Ldexp(1, of.Bits()-1), math.Ldexp(1, of.Bits()-1)-1
	}
	schema := &huma.Schema{Type: huma.TypeInteger}
	if of.Bits() < 64 {
		schema.Minimum, schema.Maximum = &least, &most
	} else if least == 0 {
		schema.Minimum = &least
	}
	return schema
}

var timeType = reflect.TypeFor[time.Time]()

func number(tag reflect.StructTag, name string) *float64 {
	value, err := strconv.ParseFloat(tag.Get(name), 64)
	if err != nil {
		return nil
	}
	return &value
}

func whole(tag reflect.StructTag, name string) *int {
	value, err := strconv.Atoi(tag.Get(name))
	if err != nil {
		return nil
	}
	return &value
}
