package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"service/internal/platform/problem"
)

// router finds the handler of a path, segment by segment: a literal goes before a parameter. http.ServeMux refuses to start
// with GET /{a}/items beside GET /orders/{b}, cleans paths by redirects, and answers what it does not know in plain text.
type router struct {
	root node
	// methods are those that any route has.
	methods map[string]bool
}

type node struct {
	literals map[string]*node
	any      *node
	routes   map[string]route
	pattern  string
}

type route struct {
	pattern string
	names   []string
	handler http.HandlerFunc
}

// HandleFunc adds a route; its pattern is `GET /products/{id}`.
func (r *router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(pattern, " ")
	at, added := &r.root, route{pattern: path, handler: handler}
	for _, segment := range strings.Split(path, "/")[1:] {
		if name, isParameter := strings.CutPrefix(segment, "{"); isParameter {
			added.names = append(added.names, strings.TrimSuffix(name, "}"))
			if at.any == nil {
				at.any = &node{}
			}
			at = at.any
			continue
		}
		if at.literals == nil {
			at.literals = map[string]*node{}
		}
		if at.literals[segment] == nil {
			at.literals[segment] = &node{}
		}
		at = at.literals[segment]
	}
	if at.routes == nil {
		at.routes = map[string]route{}
	}
	if _, isTaken := at.routes[method]; isTaken {
		panic("two routes for " + pattern)
	}
	at.routes[method], at.pattern = added, path
	if r.methods == nil {
		r.methods = map[string]bool{}
	}
	r.methods[method] = true
}

// find gives the node of a path that has a route of the method, and what its parameters are. An empty method is any.
func (n *node) find(path, method string) (*node, []string) {
	if path == "" && n.has(method) {
		return n, nil
	}
	if path == "" || path[0] != '/' {
		return nil, nil
	}
	segment, rest := path[1:], ""
	if end := strings.IndexByte(segment, '/'); end >= 0 {
		segment, rest = segment[:end], segment[end:]
	}
	value, err := url.PathUnescape(segment)
	if next := n.literals[value]; next != nil && err == nil {
		if found, values := next.find(rest, method); found != nil {
			return found, values
		}
	}
	if n.any != nil && err == nil && value != "" {
		if found, values := n.any.find(rest, method); found != nil {
			return found, append(values, value)
		}
	}
	return nil, nil
}

func (n *node) has(method string) bool {
	_, isThere := n.routes[method]
	return isThere || method == "" && n.routes != nil
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	id := RequestID(req.Context())
	if !utf8.ValidString(req.URL.Path) {
		problem.New(http.StatusBadRequest, "The URL is malformed.").For(id).Write(w)
		return
	}
	path, method := req.URL.EscapedPath(), req.Method
	found, values := r.root.find(path, method)
	if found == nil && method == http.MethodHead {
		method = http.MethodGet
		found, values = r.root.find(path, method)
	}
	isKnown := found != nil
	if !isKnown {
		found, _ = r.root.find(path, "")
	}
	if found == nil {
		problem.New(http.StatusNotFound, "/openapi.json has every path of this service.").For(id).Write(w)
		return
	}
	if !isKnown {
		req.Pattern = found.pattern
		problem.New(http.StatusMethodNotAllowed, "").With("Allow", r.allowed(path)).For(id).Write(w)
		return
	}
	chosen := found.routes[method]
	req.Pattern = chosen.pattern
	slices.Reverse(values)
	for i, name := range chosen.names {
		req.SetPathValue(name, values[i])
	}
	chosen.handler(w, req)
}

// allowed are the methods that a path has: a literal and a parameter may each have some.
func (r *router) allowed(path string) string {
	var methods []string
	for method := range r.methods {
		if found, _ := r.root.find(path, method); found == nil {
			continue
		}
		if methods = append(methods, method); method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}
