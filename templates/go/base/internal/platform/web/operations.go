package web

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"service/internal/platform/fields"
	"service/internal/platform/health"
	"service/internal/platform/identity"
)

var (
	// Paths that operate the service.
	operations = map[string]bool{
		"/health/live": true, "/livez": true, "/healthz": true, "/health/ready": true, "/readyz": true,
		"/version": true, "/metrics": true, "/openapi.json": true,
	}
	// Probed every few seconds: their lines are written at level debug.
	quiet = map[string]bool{
		"/health/live": true, "/livez": true, "/healthz": true, "/health/ready": true, "/readyz": true, "/metrics": true,
	}
)

type live struct {
	Body struct {
		Status string `json:"status" enum:"live"`
	}
}

type ready struct {
	Status int
	Body   health.Report
}

type version struct{ Body identity.Identity }

// addOperations adds the routes that operate the service: health, version, metrics and its own description.
func (a *API) addOperations(readiness *health.Readiness) {
	operation := func(path, summary string) huma.Operation {
		return huma.Operation{Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"operations"}}
	}
	for _, path := range []string{"/health/live", "/livez", "/healthz"} {
		fields.Register(a, operation(path, "Is the process alive?"), func(context.Context, *struct{}) (*live, error) {
			answer := &live{}
			answer.Body.Status = "live"
			return answer, nil
		})
	}
	for _, path := range []string{"/health/ready", "/readyz"} {
		fields.Register(a, operation(path, "Should it get traffic?"), func(context.Context, *struct{}) (*ready, error) {
			answer := &ready{http.StatusOK, readiness.Report()}
			if answer.Body.Status != "ready" {
				answer.Status = http.StatusServiceUnavailable
			}
			return answer, nil
		})
		responses := a.document.Paths[path].Get.Responses
		checks := responses["200"].Content["application/json"].Schema.Properties["checks"]
		checks.AdditionalProperties = &huma.Schema{Type: huma.TypeString, Enum: []any{"up", "down"}}
		responses["503"] = &huma.Response{
			Description: http.StatusText(http.StatusServiceUnavailable), Content: responses["200"].Content, Headers: headersOf("503"),
		}
	}
	fields.Register(a, operation("/version", "What is running?"), func(context.Context, *struct{}) (*version, error) {
		return &version{identity.Of()}, nil
	})
	a.raw(operation("/metrics", "Metrics in Prometheus text format"), "text/plain", "string", a.Metrics.handler().ServeHTTP)
	document := sync.OnceValue(func() []byte {
		text, _ := json.Marshal(a.document)
		return text
	})
	a.raw(operation("/openapi.json", "This description"), "application/json", "object", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(document())
	})
}

// raw adds a route that is no JSON of ours.
func (a *API) raw(op huma.Operation, mediaType, kind string, handler http.HandlerFunc) {
	op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content:     map[string]*huma.MediaType{mediaType: {Schema: &huma.Schema{Type: kind}}},
	}}
	a.Route(&op, handler)
}
