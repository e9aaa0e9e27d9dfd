package httpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"service/internal/platform/fields"
)

// Response is an answer of another service, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	server string
}

// Read gives the JSON body of a success. Look at Status first where another one is an answer as well.
// Any other status and any other body are an error of the kind InvalidResponse.
func Read[T any](response *Response) (T, error) {
	var none T
	if response.Status < 200 || response.Status > 299 {
		reason := fmt.Sprintf("answered with status %d", response.Status)
		return none, &Error{Server: response.server, Kind: InvalidResponse, Reason: reason}
	}
	value, err := fields.Decode[T](response.Body)
	if err != nil {
		return none, &Error{response.server, InvalidResponse, "answered with another body", err}
	}
	return value, nil
}

// prepared is a request that may be sent several times.
type prepared struct {
	method, url string
	header      http.Header
	body        []byte
}

// attempt sends a request once, reads the answer to its end and measures both.
func (c *Client) attempt(caller context.Context, p prepared) (*Response, error) {
	if err := caller.Err(); err != nil {
		return nil, c.givenUp(caller)
	}
	ctx, cancel := context.WithTimeout(caller, c.settings.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, p.method, p.url, bytes.NewReader(p.body))
	if err != nil {
		return nil, err
	}
	request.Header = p.header.Clone()
	begun := time.Now()
	response, err := c.send(request)
	status, kind := "", ""
	switch {
	case err == nil:
		status = strconv.Itoa(response.Status)
	case caller.Err() != nil:
		err, kind = c.givenUp(caller), "aborted"
	case ctx.Err() != nil:
		reason := fmt.Sprintf("no answer within %d ms", c.settings.Timeout.Milliseconds())
		err, kind = &Error{Server: c.settings.Name, Kind: Timeout, Reason: reason}, string(Timeout)
	default:
		var failed *Error
		if !errors.As(err, &failed) {
			failed = &Error{c.settings.Name, Network, "the connection failed", withoutURL(err)}
		}
		err, kind = failed, string(failed.Kind)
	}
	c.metrics.duration.WithLabelValues(c.settings.Name, p.method, status, kind).Observe(time.Since(begun).Seconds())
	return response, err
}

func (c *Client) send(request *http.Request) (*Response, error) {
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	limit := c.settings.BodyLimit
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		reason := fmt.Sprintf("answered more than %d bytes", limit)
		return nil, &Error{Server: c.settings.Name, Kind: InvalidResponse, Reason: reason}
	}
	return &Response{answer.StatusCode, answer.Header, body, c.settings.Name}, nil
}

// errGivenUp tells what its caller gave up from what the other service is to blame for.
var errGivenUp = errors.New("given up")

// givenUp is a call whose caller has gone, or has no more time.
func (c *Client) givenUp(caller context.Context) error {
	err := fmt.Errorf("%w: %w", errGivenUp, caller.Err())
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{c.settings.Name, Timeout, "no answer before the deadline of the caller", err}
	}
	return fmt.Errorf("%s: %w", c.settings.Name, err)
}

// withoutURL is the error of a connection: a path or a query may be a secret.
func withoutURL(err error) error {
	var quoted *url.Error
	if errors.As(err, &quoted) {
		return quoted.Err
	}
	return err
}
