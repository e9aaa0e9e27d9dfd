package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"service/internal/platform/problem"
	"service/internal/platform/web"
)

// What http.Server writes by itself, before any handler: none of ours has these headers alone.
var refusals = regexp.MustCompile(`^HTTP/1\.1 ([45]\d\d) [^\r]*\r\n` +
	`(?:Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n|Connection: close\r\n(?:Date: [^\r]*\r\n)?Content-Length: 0\r\n)`)

// refusal makes a problem of an answer that http.Server gives without asking a handler, or nothing.
func refusal(answer, request []byte) []byte {
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 4")) && !bytes.HasPrefix(answer, []byte("HTTP/1.1 5")) {
		return nil
	}
	match := refusals.FindSubmatch(answer)
	if match == nil {
		return nil
	}
	status, _ := strconv.Atoi(string(match[1]))
	if status == http.StatusNotImplemented { // A transfer encoding that nobody knows is no fault of ours.
		status = http.StatusBadRequest
	}
	line, _, _ := strings.Cut(string(request), "\r\n")
	detail := ""
	switch words := strings.Split(line, " "); {
	case status == 417:
		detail = "Nothing but 100-continue may be expected."
	case bytes.Contains(answer, []byte("Host header")):
		detail = "There has to be one Host."
	case status == 400 && len(words) == 3:
		if _, err := url.ParseRequestURI(words[1]); err != nil {
			detail = "The URL is malformed."
		}
	}
	return refuse(status, detail)
}

// refuse is an answer to what has become no request.
func refuse(status int, detail string) []byte {
	p := problem.New(status, detail).For(web.NewID())
	body, _ := json.Marshal(p)
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"+
		"X-Request-Id: %s\r\n\r\n%s", status, p.Title, len(body), p.RequestID, body)
}
