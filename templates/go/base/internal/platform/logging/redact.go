package logging

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

var (
	credentialsInURL = regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/?#"@]+@`)
	sensitiveField   = regexp.MustCompile(`(?i)("[^"\\]*(?:authorization|cookie|password|secret|token|api[-_]?key)[^"\\]*":)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])`)
)

// blank takes credentials out of a line, wherever in it they stand.
func blank(line []byte, secrets []string) []byte {
	line = credentialsInURL.ReplaceAll(line, []byte("${1}***@"))
	line = sensitiveField.ReplaceAll(line, []byte(`${1}"***"`))
	for _, secret := range secrets {
		line = bytes.ReplaceAll(line, []byte(secret), []byte("***"))
	}
	return line
}

// secrets may become more while lines are written.
type secrets struct {
	mutex   sync.Mutex
	given   []string
	current atomic.Pointer[forms]
}

// forms are secrets as they are, and as they stand in a line.
type forms struct{ plain, inLine []string }

func newSecrets(given []string) *secrets {
	s := &secrets{given: slices.Clone(given)}
	s.current.Store(formsOf(given))
	return s
}

func (s *secrets) forms() *forms { return s.current.Load() }

func (s *secrets) add(secret string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !slices.Contains(s.given, secret) {
		s.given = append(s.given, secret)
		s.current.Store(formsOf(s.given))
	}
}

// formsOf has the passwords in secrets that are URLs too. Very short ones would blank ordinary words.
func formsOf(secrets []string) *forms {
	var plain, inLine []string
	for _, secret := range slices.Clone(secrets) {
		if parsed, err := url.Parse(secret); err == nil {
			if password, ok := parsed.User.Password(); ok {
				secrets = append(secrets, password)
			}
		}
	}
	for _, secret := range secrets {
		if quoted := appendJSON(nil, secret); len(secret) >= 6 {
			plain, inLine = append(plain, secret), append(inLine, string(quoted[1:len(quoted)-1]))
		}
	}
	// The longest comes first: another may be a part of it.
	slices.SortFunc(plain, longestFirst)
	slices.SortFunc(inLine, longestFirst)
	return &forms{plain, inLine}
}

func longestFirst(a, b string) int { return len(b) - len(a) }

// appendJSON appends a text as slog writes it: < > & stay as they are. One without anything to escape costs no allocation.
func appendJSON(to []byte, text string) []byte {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isEscaped) {
		return append(append(append(to, '"'), text...), '"')
	}
	quoted := bytes.Buffer{}
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // No text fails.
	return append(to, bytes.TrimSpace(quoted.Bytes())...)
}

func isEscaped(r rune) bool {
	return r < ' ' || r == '"' || r == '\\' || r == '\u2028' || r == '\u2029'
}
