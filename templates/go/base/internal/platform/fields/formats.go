package fields

import (
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const (
	day = `(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|` +
		`\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8])))`
	moment  = day + `T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)`
	mailbox = `[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}`
	control = `\x00-\x1f\x7f-\x9f`
	// Narrower than what is taken, and plain enough for those who make values of it.
	webAddress = `https?://([A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*(:\d{1,4})?([/?#][!-~]*)?`
)

// format is a form of texts that has a name: the pattern that is documented, and what is taken.
type format struct {
	pattern string
	take    func(text string) bool
}

var formats = map[string]format{
	"date":      byPattern(day),
	"date-time": byPattern(moment),
	"decimal":   byPattern(`-?\d{1,15}(\.\d{1,4})?`),
	"uuid":      byPattern(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`),
	"email": {anchored(mailbox), func(text string) bool {
		return len(text) <= 254 && strings.Index(text, "@") <= 64 && isMailbox.MatchString(text)
	}},
	// PostgreSQL stores no NUL, and with a space at its end a text only looks the same. Spaces are those of Unicode.
	"line": {
		anchored(`(?:[^\s` + control + `](?:[^` + control + `]*[^\s` + control + `])?)?`),
		regexp.MustCompile(anchored(`(?:[^` + spaces + control + `](?:[^` + control + `]*[^` + spaces + control + `])?)?`)).MatchString,
	},
	"uri": {"", isURI},
	"url": {anchored(webAddress), func(text string) bool { return isURI(text) && isWeb.MatchString(text) }},
}

func anchored(pattern string) string { return "^(?:" + pattern + ")$" }

func byPattern(pattern string) format {
	return format{anchored(pattern), regexp.MustCompile(anchored(pattern)).MatchString}
}

func inFormat(schema *huma.Schema, name string) *huma.Schema {
	schema.Format, schema.Pattern = name, formats[name].pattern
	return schema
}

var (
	isMailbox = regexp.MustCompile(anchored(mailbox))

	isASCII  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$`)
	isWeb    = regexp.MustCompile(`(?i)^https?:`)
	needHost = regexp.MustCompile(`(?i)^(https?|wss?|ftp):`)
)

// isURI takes an absolute URI; one of the web has a host.
func isURI(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil || !isASCII.MatchString(text) {
		return false
	}
	port, err := strconv.Atoi(parsed.Port())
	return (parsed.Port() == "" || err == nil && port <= math.MaxUint16) && (!needHost.MatchString(text) || parsed.Hostname() != "")
}

var (
	wholeText  = regexp.MustCompile(`^(0|-?[1-9]\d{0,14})$`)
	numberText = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$`)
)

// fromText reads a value of a path, a query, a header or a form. What is none is left as it is, for the schema to refuse.
func fromText(schema *huma.Schema, text string) (value any, reason string) {
	switch {
	case schema.Type == huma.TypeInteger && !wholeText.MatchString(text):
		return nil, "must be a whole number"
	case schema.Type == huma.TypeNumber && !numberText.MatchString(text):
		return nil, "must be a number"
	case schema.Type == huma.TypeInteger, schema.Type == huma.TypeNumber:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, "must be a number"
		}
		return number, ""
	case schema.Type == huma.TypeBoolean && text != "true" && text != "false":
		return nil, "must be true or false"
	case schema.Type == huma.TypeBoolean:
		return text == "true", ""
	}
	for _, one := range schema.Enum {
		if one != nil && textOf(one) == text {
			return one, ""
		}
	}
	return text, ""
}

func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}
