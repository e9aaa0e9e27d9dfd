// Package rollout decides who gets something new: the same user gets the same variant, in every instance and in every language
// that services are written in.
package rollout

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"service/internal/platform/env"
)

// Share is a variant, and how many of the buckets, counted from the first on, end with it.
type Share struct {
	Variant string
	UpTo    int
}

// Rollout are the shares of a flag in the order in which they take the buckets, all of them together.
type Rollout []Share

// A hundredth of a percent is the smallest step.
const buckets = 10_000

var (
	percentage = regexp.MustCompile(`^(\d{1,3}(?:\.\d{1,2})?)%$`)
	share      = regexp.MustCompile(`^([a-z][a-z0-9-]{0,31}):(\d{1,3}(?:\.\d{1,2})?)$`)
	errRollout = errors.New("must be off, on, a percentage such as 25%, or variants that make 100 such as control:50,treatment:50")
)

// Parse reads `off`, `on`, a percentage of the users such as `25%`, or variants such as `control:50,treatment:50`.
func Parse(text string) (Rollout, error) {
	if text == "off" || text == "on" {
		return Rollout{{text, buckets}}, nil
	}
	if match := percentage.FindStringSubmatch(text); match != nil {
		part, _ := strconv.ParseFloat(match[1], 64)
		return shareOut([]string{"on:" + match[1], fmt.Sprintf("off:%.2f", 100-part)})
	}
	return shareOut(strings.Split(text, ","))
}

func shareOut(texts []string) (Rollout, error) {
	taken := 0
	rollout := Rollout{}
	for _, text := range texts {
		match := share.FindStringSubmatch(text)
		if match == nil || slices.ContainsFunc(rollout, func(other Share) bool { return other.Variant == match[1] }) {
			return nil, errRollout
		}
		percent, _ := strconv.ParseFloat(match[2], 64)
		taken += int(math.Round(percent * 100))
		rollout = append(rollout, Share{match[1], taken})
	}
	if taken != buckets {
		return nil, errRollout
	}
	return rollout, nil
}

// Variable declares a variable that holds a rollout; off unless it says otherwise.
func Variable(spec env.Spec) env.Var[Rollout] {
	spec.Default = "off"
	return env.Of(spec, map[string]any{"type": "string"}, Parse)
}

// Bucket is that of a user, from 0 to 9999: another one for every flag, so that it is not always the same users who come first.
func Bucket(flag, user string) int {
	sum := sha256.Sum256([]byte(flag + ":" + user))
	return int(binary.BigEndian.Uint32(sum[:]) % buckets)
}

// Variant is that of a bucket. The first and the last share keep all their users while they grow.
func (r Rollout) Variant(bucket int) string {
	for _, one := range r {
		if bucket < one.UpTo {
			return one.Variant
		}
	}
	return "off"
}
