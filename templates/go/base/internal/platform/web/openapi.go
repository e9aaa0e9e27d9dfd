package web

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

var word = regexp.MustCompile(`[A-Za-z0-9]+`)

// describe adds an operation to the description, with what follows from what it has.
func (a *API) describe(op *huma.Operation) {
	if op.OperationID == "" {
		op.OperationID = a.freeName(op)
	}
	if op.Summary == "" {
		op.Summary = op.Method + " " + op.Path
	}
	if op.Description == "" {
		op.Description = op.Summary
	}
	for _, name := range op.Tags {
		if !slices.ContainsFunc(a.document.Tags, func(tag *huma.Tag) bool { return tag.Name == name }) {
			a.document.Tags = append(a.document.Tags, &huma.Tag{Name: name, Description: "Everything about " + name})
		}
	}
	slices.SortFunc(a.document.Tags, func(a, b *huma.Tag) int { return strings.Compare(a.Name, b.Name) })
	a.describeResponses(op)
	a.document.AddOperation(op)
}

// freeName makes `postOrdersByIdItems` of `POST /orders/{id}/items`.
func (a *API) freeName(op *huma.Operation) string {
	name := strings.ToLower(op.Method)
	for _, one := range word.FindAllString(strings.ReplaceAll(op.Path, "{", " by "), -1) {
		name += strings.ToUpper(one[:1]) + one[1:]
	}
	free := name
	for i := 2; a.names[free]; i++ {
		free = name + strconv.Itoa(i)
	}
	a.names[free] = true
	return free
}

func (a *API) describeResponses(op *huma.Operation) {
	has := func(in, name string) bool {
		return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool {
			return p.In == in && (name == "" || strings.EqualFold(p.Name, name))
		})
	}
	for _, p := range op.Parameters { // Who leaves it out gets 428, and not the 400 of a parameter that is required.
		p.Required = p.Required || p.In == "header" && strings.EqualFold(p.Name, "If-Match")
	}
	statuses := []int{http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestHeaderFieldsTooLarge, http.StatusInternalServerError}
	if has("path", "") {
		statuses = append(statuses, http.StatusNotFound)
	}
	if op.RequestBody != nil {
		statuses = append(statuses, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	isChange := has("header", "If-Match")
	if isChange {
		statuses = append(statuses, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if !slices.Contains(op.Tags, "operations") { // The others are answered under load too.
		statuses = append(statuses, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	}
	for _, status := range statuses {
		if name := strconv.Itoa(status); op.Responses[name] == nil {
			op.Responses[name] = &huma.Response{}
		}
	}
	op.Responses["default"] = &huma.Response{Description: "Any other failure", Content: a.problems}
	for status, response := range op.Responses {
		if number, _ := strconv.Atoi(status); response.Description == "" {
			response.Description = http.StatusText(number)
		}
		if status >= "400" && response.Content == nil {
			response.Content = a.problems
		}
		headers := headersOf(status)
		if (isChange || has("header", "If-None-Match")) && (status == "200" || status == "304") {
			headers["ETag"] = header("The version of the resource")
		}
		maps.Copy(headers, response.Headers)
		response.Headers = headers
	}
}

// headersOf are those of each answer with a status.
func headersOf(status string) map[string]*huma.Param {
	headers := map[string]*huma.Param{"X-Request-Id": header("What the log calls this request")}
	if status == "429" || status == "503" {
		headers["Retry-After"] = header("Seconds until it is worth trying again")
	}
	return headers
}

func header(description string) *huma.Param {
	return &huma.Param{Description: description, Schema: &huma.Schema{Type: "string"}}
}
