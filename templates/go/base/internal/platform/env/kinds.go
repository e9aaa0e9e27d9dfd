package env

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const maxMillis = 1<<31 - 1

// Plain digits: neither "1e3" nor "0x10", "010" or " 1".
var digits = regexp.MustCompile(`^(0|[1-9]\d{0,15})$`)

// Int declares a whole number.
func Int(spec Spec, least, most int) Var[int] {
	schema := map[string]any{"type": "integer", "minimum": least, "maximum": most}
	return Of(spec, schema, func(text string) (int, error) { return whole(text, least, most) })
}

// Millis declares a duration that is given in milliseconds.
func Millis(spec Spec, least int) Var[time.Duration] {
	schema := map[string]any{"type": "integer", "minimum": least, "maximum": maxMillis}
	return Of(spec, schema, func(text string) (time.Duration, error) {
		n, err := whole(text, least, maxMillis)
		return time.Duration(n) * time.Millisecond, err
	})
}

func whole(text string, least, most int) (int, error) {
	if !digits.MatchString(text) {
		return 0, errors.New("must be a whole number")
	}
	n, _ := strconv.Atoi(text)
	if n < least {
		return 0, fmt.Errorf("must be at least %d", least)
	}
	if n > most {
		return 0, fmt.Errorf("must be at most %d", most)
	}
	return n, nil
}

// Text declares a text that may be anything.
func Text(spec Spec) Var[string] {
	return Of(spec, map[string]any{"type": "string"}, func(text string) (string, error) { return text, nil })
}

// Choice declares one of a few texts.
func Choice(spec Spec, choices ...string) Var[string] {
	return Of(spec, map[string]any{"type": "string", "enum": choices}, func(text string) (string, error) {
		if !slices.Contains(choices, text) {
			return "", errors.New("must be one of " + strings.Join(choices, ", "))
		}
		return text, nil
	})
}

// URL declares an address of one of these schemes. A check, or nil, says what else is wrong with it, without repeating it.
func URL(spec Spec, check func(text string) error, schemes ...string) Var[string] {
	return Of(spec, map[string]any{"type": "string", "format": "uri"}, func(text string) (string, error) {
		scheme, _, isURL := strings.Cut(text, "://")
		if !isURL || !slices.Contains(schemes, scheme) {
			return "", errors.New("must be a URL that starts with " + strings.Join(schemes, ":// or ") + "://")
		}
		parsed, err := url.Parse(text)
		if err == nil {
			_, err = whole(cmp.Or(parsed.Port(), "0"), 0, 65_535)
		}
		if err != nil {
			return "", errors.New("cannot be read as a URL: a port is at most 65535, and / ? # % in a password are %2F %3F %23 %25")
		}
		// Those of backing services may be without one: a socket in the file system, or the default of the driver.
		if strings.HasPrefix(scheme, "http") && parsed.Hostname() == "" {
			return "", errors.New("must have a host after the ://")
		}
		if check != nil {
			err = check(text)
		}
		return text, err
	})
}
