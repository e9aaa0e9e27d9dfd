package fields

import (
	"cmp"
	"net/http"
	"strings"

	"service/internal/platform/problem"
)

// checker collects what is wrong in one place of a request.
type checker struct {
	in string
	// path is where it is, a piece of a JSON pointer each.
	path   []string
	faults []problem.Fault
}

// at goes to a place inside for a while.
func (c *checker) at(piece string, do func()) {
	c.path = append(c.path, piece)
	do()
	c.path = c.path[:len(c.path)-1]
}

func (c *checker) add(message string) {
	c.faults = append(c.faults, problem.Fault{In: c.in, Path: cmp.Or(strings.Join(c.path, ""), "/"), Message: message})
}

// problem is nil where nothing is wrong.
func (c *checker) problem() *problem.Error {
	if len(c.faults) == 0 {
		return nil
	}
	refused := problem.New(http.StatusBadRequest, "The request does not match the schema.")
	refused.Errors = c.faults
	return refused
}

var pointers = strings.NewReplacer("~", "~0", "/", "~1")

// escaped keeps a name one piece of a JSON pointer.
func escaped(name string) string {
	return pointers.Replace(name)
}
