// Package fields reads requests by the tags of Go types, and describes them. The tags are those of huma, and so is the shape of a
// handler; it is stricter: a parameter may be given once, an absent member is not null, formats are looked at.
package fields

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// API is what routes are added to.
type API interface {
	// Route describes an operation, and has its requests answered.
	Route(op *huma.Operation, handler http.HandlerFunc)
	// Fail answers with the problem that an error is.
	Fail(w http.ResponseWriter, r *http.Request, err error)
}

// Register adds an operation. Fields of I are parameters (path, query, header) or the Body. Fields of O are headers, a Status
// or the Body.
func Register[I, O any](api API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	in, out := inputOf(reflect.TypeFor[I]()), outputOf(reflect.TypeFor[O]())
	if op.DefaultStatus == 0 {
		op.DefaultStatus = http.StatusOK
	}
	op.Parameters, op.RequestBody = in.describe()
	op.Responses = map[string]*huma.Response{strconv.Itoa(op.DefaultStatus): out.describe(op.DefaultStatus)}
	for _, status := range op.Errors {
		op.Responses[strconv.Itoa(status)] = &huma.Response{}
	}
	api.Route(&op, func(w http.ResponseWriter, r *http.Request) {
		input := new(I)
		if refused := in.read(r, reflect.ValueOf(input).Elem()); refused != nil {
			api.Fail(w, r, refused)
			return
		}
		output, err := handle(r.Context(), input)
		if err != nil {
			api.Fail(w, r, err)
			return
		}
		if output == nil {
			output = new(O)
		}
		if err = out.write(w, op.DefaultStatus, reflect.ValueOf(output).Elem()); err != nil {
			api.Fail(w, r, err)
		}
	})
}

// output is what a handler answers with.
type output struct {
	headers   []header
	status    int
	body      int
	schema    *huma.Schema
	mediaType []string
}

type header struct {
	index int
	name  string
}

func outputOf(of reflect.Type) *output {
	out := &output{status: -1, body: -1}
	for i := range of.NumField() {
		field := of.Field(i)
		switch {
		case field.Name == "Body":
			out.body, out.schema, out.mediaType = i, schemaOfField(of, field, "Body"), []string{mediaTypeOf(field)}
		case field.Name == "Status":
			out.status = i
		case field.Tag.Get("header") != "":
			out.headers = append(out.headers, header{i, field.Tag.Get("header")})
		}
	}
	return out
}

func (out *output) describe(status int) *huma.Response {
	response := &huma.Response{}
	if status == http.StatusCreated {
		response.Headers = map[string]*huma.Param{}
		for _, one := range out.headers {
			response.Headers[one.name] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
		}
	}
	if out.body >= 0 {
		response.Content = map[string]*huma.MediaType{out.mediaType[0]: {Schema: out.schema}}
	}
	return response
}

func (out *output) write(w http.ResponseWriter, status int, value reflect.Value) error {
	to := w.Header()
	for _, one := range out.headers {
		if text := value.Field(one.index).String(); text != "" {
			to.Set(one.name, text)
		}
	}
	if out.status >= 0 {
		if given := int(value.Field(out.status).Int()); given != 0 {
			status = given
		}
	}
	if out.body < 0 || status == http.StatusNoContent || status == http.StatusNotModified {
		w.WriteHeader(status)
		return nil
	}
	text := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(text)
	text.Reset()
	if body := value.Field(out.body); isText(out.mediaType[0]) {
		text.WriteString(body.String())
	} else {
		encoder := json.NewEncoder(text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(body.Addr().Interface()); err != nil {
			return err
		}
	}
	to["Content-Type"] = out.mediaType
	if text.Len() > 2<<10 { // net/http counts what is shorter.
		to["Content-Length"] = []string{strconv.Itoa(text.Len())}
	}
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // A client that has gone away is told nothing.
	return nil
}

// buffers hold bodies while they are read or written.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
