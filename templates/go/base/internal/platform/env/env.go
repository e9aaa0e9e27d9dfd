// Package env reads the environment once, says everything that is wrong with it at once, and never repeats a value.
package env

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"
)

// Spec is what is documented of a variable.
type Spec struct {
	Name        string
	Description string
	// Default is the text of a variable that is not set. Without one it is required, unless Optional.
	Default  string
	Example  string
	Optional bool
	// Secret values are blanked in the log.
	Secret bool
}

func (s Spec) isRequired() bool { return s.Default == "" && !s.Optional }

// Var is a variable of the environment, declared once in package config.
type Var[T any] struct {
	Spec
	parse func(text string) (T, error)
}

// In gives the value of the variable.
func (v Var[T]) In(c *Config) T {
	value, _ := c.values[v.Name].(T)
	return value
}

// Again reads the variable anew: the file that NAME_FILE names may have another content by now.
func (v Var[T]) Again(c *Config) (T, error) {
	value, text, err := v.read(c.Lookup)
	if v.Secret && text != "" {
		c.Hide(text)
	}
	return value, err
}

// From reads the variable alone: whether the others are valid does not matter.
func (v Var[T]) From(lookup Lookup) (T, error) {
	value, _, err := v.read(lookup)
	return value, err
}

func (v Var[T]) read(lookup Lookup) (value T, text string, err error) {
	if text, err = textOf(v.Name, lookup); err == nil {
		value, err = v.parse(cmp.Or(text, v.Default))
	}
	return value, text, err
}

// Config is a valid environment.
type Config struct {
	// Lookup is where it was read.
	Lookup Lookup
	values map[string]any
	// Secrets are the values that no log may show.
	Secrets []string
	// Hide is told each secret that is read later.
	Hide func(secret string)
}

// Lookup is os.LookupEnv, or stands for it.
type Lookup func(name string) (string, bool)

// Problem is a bad variable. It holds no value, which may be a secret.
type Problem struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Invalid is an error with every variable that is bad.
type Invalid []Problem

func (Invalid) Error() string { return "the configuration is invalid" }

type declaration struct {
	Spec
	schema map[string]any
	parse  func(text string) (any, error)
}

var (
	declared []declaration
	rules    []func(*Config) *Problem
)

// Of declares a variable whose text is a T, and what the JSON Schema says of it.
func Of[T any](spec Spec, schema map[string]any, parse func(text string) (T, error)) Var[T] {
	declared = append(declared, declaration{spec, schema, func(text string) (any, error) { return parse(text) }})
	return Var[T]{spec, parse}
}

// Rule is asked once each variable is valid by itself.
func Rule(check func(*Config) *Problem) bool {
	rules = append(rules, check)
	return true
}

// Load reads every declared variable: from NAME, or from the file that NAME_FILE names. One that is empty counts as not set,
// since that is what Compose makes of a missing one. The error is an [Invalid].
func Load(lookup Lookup) (*Config, error) {
	c := &Config{Lookup: lookup, values: map[string]any{}, Hide: func(string) {}}
	var problems Invalid
	for _, one := range declared {
		if err := c.read(one); err != nil {
			problems = append(problems, Problem{one.Name, err.Error()})
		}
	}
	for i := 0; i < len(rules) && len(problems) == 0; i++ {
		if problem := rules[i](c); problem != nil {
			problems = append(problems, *problem)
		}
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return c, nil
}

func (c *Config) read(one declaration) error {
	text, err := textOf(one.Name, c.Lookup)
	if err != nil {
		return err
	}
	if text != "" && one.Secret {
		c.Secrets = append(c.Secrets, text)
	}
	if text = cmp.Or(text, one.Default); text != "" {
		c.values[one.Name], err = one.parse(text)
	} else if one.isRequired() {
		err = errors.New("is required")
	}
	return err
}

func textOf(name string, lookup Lookup) (string, error) {
	text, _ := lookup(name)
	file, _ := lookup(name + "_FILE")
	if file == "" {
		return text, nil
	}
	if text != "" {
		return "", fmt.Errorf("is set twice, also as %s_FILE", name)
	}
	content, err := os.ReadFile(file)
	switch path := (*fs.PathError)(nil); { // The path may be a value that was given by mistake.
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New(name + "_FILE cannot be read (ENOENT)")
	case errors.As(err, &path):
		return "", fmt.Errorf("%s_FILE cannot be read (%w)", name, path.Err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r"), err
}

// Schema is the JSON Schema (2020-12) of the environment.
func Schema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, one := range declared {
		property := maps.Clone(one.schema)
		property["description"] = one.Description
		if one.Default != "" {
			property["default"] = one.Default
			if number, err := strconv.Atoi(one.Default); err == nil && one.schema["type"] == "integer" {
				property["default"] = number
			}
		}
		if one.Example != "" {
			property["examples"] = []string{one.Example}
		}
		if one.Secret {
			property["secret"], property["writeOnly"] = true, true
		}
		if one.isRequired() {
			required = append(required, one.Name)
		}
		properties[one.Name] = property
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties, "required": required,
	}
}

// Example is .env.example: every variable, with its default or an example. A copy of it changes nothing.
func Example() string {
	var out strings.Builder
	out.WriteString("# Development reads a copy of this file that is called .env. Remove the # where a value differs.\n" +
		"# NAME_FILE instead of NAME is the path of a file that holds the value.\n")
	for _, one := range declared {
		notes := []string{one.Description}
		if choices, ok := one.schema["enum"].([]string); ok {
			notes = append(notes, "One of "+strings.Join(choices, ", ")+".")
		}
		if one.isRequired() {
			notes = append(notes, "Required.")
		}
		if one.Secret {
			notes = append(notes, "Secret.")
		}
		fmt.Fprintf(&out, "\n# %s\n#%s=%s\n", strings.Join(notes, " "), one.Name, cmp.Or(one.Default, one.Example))
	}
	return out.String()
}

// Examples are values of the variables that are required: those of a machine for development.
func Examples() map[string]string {
	values := map[string]string{}
	for _, one := range declared {
		if one.isRequired() {
			values[one.Name] = one.Example
		}
	}
	return values
}
