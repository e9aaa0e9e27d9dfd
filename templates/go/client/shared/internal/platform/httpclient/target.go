package httpclient

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

var errPath = errors.New("the path of an outgoing request has to be encoded, without a query")

// target is where a client sends its requests. Credentials of the base URL go into a header.
type target struct {
	base          string
	authorization string
}

func newTarget(baseURL string) (target, error) {
	base, err := url.Parse(baseURL)
	if err != nil || base.Host == "" {
		return target{}, errors.New("the base URL cannot be used") // The parser's own words repeat it.
	}
	request := &http.Request{Header: http.Header{}}
	if base.User != nil {
		password, _ := base.User.Password()
		request.SetBasicAuth(base.User.Username(), password)
	}
	clean := url.URL{Scheme: base.Scheme, Host: base.Host, Path: base.Path, RawPath: base.RawPath}
	return target{strings.TrimSuffix(clean.String(), "/"), request.Header.Get("Authorization")}, nil
}

// url is the whole URL of a path below the base. A parameter that was not encoded, such as "..", would lead elsewhere.
func (t target) url(path string, query url.Values) (string, error) {
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, "?#") {
		return "", errPath
	}
	for segment := range strings.SplitSeq(path, "/") {
		decoded, err := url.PathUnescape(segment)
		if err != nil || decoded == "." || decoded == ".." {
			return "", errPath
		}
	}
	whole, err := url.Parse(t.base + path)
	if err != nil || !strings.HasSuffix(whole.EscapedPath(), path) {
		return "", errPath
	}
	whole.RawQuery = query.Encode()
	return whole.String(), nil
}
