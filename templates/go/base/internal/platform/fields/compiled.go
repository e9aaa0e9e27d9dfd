package fields

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// compiled is what a schema says, ready to be asked.
type compiled struct {
	members []property
	format  func(string) bool
	pattern *regexp.Regexp
}

type property struct {
	name, at   string
	schema     *huma.Schema
	isRequired bool
}

var compilations sync.Map

// compiledOf compiles a schema with all that is in it. It panics for a pattern that is none.
func compiledOf(s *huma.Schema) *compiled {
	if known, ok := compilations.Load(s); ok {
		return known.(*compiled)
	}
	c, format := &compiled{}, formats[s.Format]
	if c.format = format.take; s.Pattern != "" && s.Pattern != format.pattern {
		c.pattern = regexp.MustCompile(withSpaces(s.Pattern))
	}
	for _, inside := range append(slices.Clone(s.AnyOf), s.Items) {
		if inside != nil {
			compiledOf(inside)
		}
	}
	if others, ok := s.AdditionalProperties.(*huma.Schema); ok {
		compiledOf(others)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		compiledOf(s.Properties[name])
		c.members = append(c.members, property{name, "/" + escaped(name), s.Properties[name], slices.Contains(s.Required, name)})
	}
	compilations.Store(s, c)
	return c
}

// Spaces are those of JavaScript, which are more than the spaces of ASCII.
const (
	spaces    = `\t-\r\p{Z}\x{feff}`
	allOthers = `\x00-\x08\x0e-\x1f!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}` +
		`\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
)

// A backslash with what it escapes, a named class, the begin and the end of a class.
var pieces = regexp.MustCompile(`\\.|\[:\w+:]|\[\^?]?|]`)

// withSpaces gives \s and \S of a pattern the meaning that they have in services of other languages.
func withSpaces(pattern string) string {
	isInClass := false
	return pieces.ReplaceAllStringFunc(pattern, func(piece string) string {
		switch isNamed := strings.HasPrefix(piece, "[:"); {
		case piece == `\s` && isInClass:
			return spaces
		case piece == `\S` && isInClass:
			return allOthers
		case piece == `\s`:
			return "[" + spaces + "]"
		case piece == `\S`:
			return "[^" + spaces + "]"
		case piece == "]":
			isInClass = false
		case piece[0] == '[' && !isNamed: // Inside of a class it is a literal.
			isInClass = !isInClass || piece[len(piece)-1] != ']'
		}
		return piece
	})
}
