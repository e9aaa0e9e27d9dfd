// Package etag compares versions as RFC 9110 wants it.
package etag

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"service/internal/platform/problem"
)

var (
	list = regexp.MustCompile(`^[ \t,]*(?:(?:W/)?"[^"]*"[ \t]*(?:,[ \t,]*|$))*$`)
	tag  = regexp.MustCompile(`(W/)?"([^"]*)"`)
	ours = regexp.MustCompile(`^[1-9]\d{0,8}$`)
)

// Of is the entity tag of a version of a resource.
func Of(version int) string { return `"` + strconv.Itoa(version) + `"` }

// Expected are the versions that a change is meant for, by its If-Match; nil for any. Without the header the change could undo
// another that its author has not seen: a 428. A weak tag matches none (13.1.1).
func Expected(ifMatch string) ([]int, error) {
	switch strings.TrimSpace(ifMatch) {
	case "":
		return nil, problem.New(http.StatusPreconditionRequired, "Send the ETag that you read as If-Match.")
	case "*":
		return nil, nil
	}
	return versionsIn(ifMatch, false), nil
}

// IsKnown says whether the caller has this version, by its If-None-Match, where weak tags match too: it gets 304.
func IsKnown(version int, ifNoneMatch string) bool {
	return ifNoneMatch != "" && (strings.TrimSpace(ifNoneMatch) == "*" || slices.Contains(versionsIn(ifNoneMatch, true), version))
}

// versionsIn gives the tags of a list that a version of ours may have: others match none, and so does what is no list.
func versionsIn(text string, weak bool) []int {
	versions := []int{}
	if list.MatchString(text) {
		for _, match := range tag.FindAllStringSubmatch(text, -1) {
			if version, _ := strconv.Atoi(match[2]); ours.MatchString(match[2]) && (weak || match[1] == "") {
				versions = append(versions, version)
			}
		}
	}
	return versions
}
