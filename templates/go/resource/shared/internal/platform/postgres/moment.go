package postgres

import "regexp"

var beyondMillis = regexp.MustCompile(`(\.\d{3})\d+`)

// Moment is a moment to the millisecond, cut and not rounded, as it is stored.
func Moment(text *string) *string {
	if text == nil {
		return nil
	}
	cut := beyondMillis.ReplaceAllString(*text, "$1")
	return &cut
}
