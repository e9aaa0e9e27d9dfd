// Package logging writes JSON lines to standard output.
package logging

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"service/internal/platform/identity"
)

// LevelFatal is that of the last line of a process.
const LevelFatal = slog.Level(12)

var levels = map[string]slog.Level{
	"trace": -8, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError, "fatal": LevelFatal,
}

const timeFormat = "2006-01-02T15:04:05.000Z"

// Options are what the configuration says about the log.
type Options struct {
	Level, Format string
	Secrets       []string
}

// Logger is the one log of a process.
type Logger struct {
	*slog.Logger
	level slog.Level
	out   io.Writer
	// fixed are the fields that all lines have.
	fixed   []byte
	secrets *secrets
}

// New makes a logger. Every line but those of requests is searched for credentials.
func New(out io.Writer, options Options) *Logger {
	secrets := newSecrets(options.Secrets)
	level := levels[options.Level]
	if options.Format == "pretty" {
		raw := out
		out = writer{func(line []byte) { _, _ = raw.Write(pretty(line)) }}
	}
	safe := writer{func(line []byte) { _, _ = out.Write(blank(line, secrets.forms().inLine)) }}
	handler := slog.NewJSONHandler(safe, &slog.HandlerOptions{Level: level, ReplaceAttr: rename})
	name, version := identity.Name, identity.Version
	return &Logger{
		Logger:  slog.New(handler).With("service.name", name, "service.version", version),
		level:   level,
		out:     out,
		fixed:   append(AppendField(AppendField(nil, "service.name", name), "service.version", version), ','),
		secrets: secrets,
	}
}

// Hide blanks one more secret from now on.
func (l *Logger) Hide(secret string) { l.secrets.add(secret) }

// Redact is a text without credentials: secrets of the configuration, user info of URLs, fields named like a secret.
func (l *Logger) Redact(text string) string {
	return string(blank([]byte(text), l.secrets.forms().plain))
}

// Fatal writes the last line of a process.
func (l *Logger) Fatal(msg string, attrs ...any) {
	l.Log(context.Background(), LevelFatal, msg, attrs...)
}

// Has says whether lines of a level are written.
func (l *Logger) Has(level slog.Level) bool { return level >= l.level }

var lines = sync.Pool{New: func() any { return new(make([]byte, 0, 512)) }}

// AppendField appends a field that holds no credential to those of a line.
func AppendField(to []byte, name, value string) []byte {
	return appendJSON(append(appendJSON(append(to, ','), name), ':'), value)
}

// AppendSafeField appends a field that may hold a credential, which is taken out.
func (l *Logger) AppendSafeField(to []byte, name, value string) []byte {
	return append(to, blank(AppendField(nil, name, value), l.secrets.forms().inLine)...)
}

// Begin is the begin of a line whose fields hold no credential, as JSON: most lines are those of requests, and this costs a tenth
// of what slog does. The fields are added, and then [Logger.End] writes it.
func (l *Logger) Begin(level slog.Level, at time.Time) *[]byte {
	line := lines.Get().(*[]byte)
	*line = at.UTC().AppendFormat(append((*line)[:0], `{"time":"`...), timeFormat)
	*line = append(append(*line, `","level":"`...), nameOf(level)...)
	*line = append(append(*line, '"'), l.fixed...)
	return line
}

// End writes a line.
func (l *Logger) End(line *[]byte) {
	*line = append(*line, "}\n"...)
	_, _ = l.out.Write(*line)
	lines.Put(line)
}

type writer struct{ write func(line []byte) }

func (w writer) Write(line []byte) (int, error) {
	w.write(line)
	return len(line), nil
}

func rename(_ []string, attr slog.Attr) slog.Attr {
	switch value := attr.Value.Any().(type) {
	case time.Time:
		attr.Value = slog.StringValue(value.UTC().Format(timeFormat))
	case slog.Level:
		attr.Value = slog.StringValue(nameOf(value))
	case error:
		attr.Value = slog.StringValue(value.Error())
	}
	return attr
}

func nameOf(level slog.Level) string {
	switch {
	case level >= LevelFatal:
		return "fatal"
	case level < slog.LevelDebug:
		return "trace"
	}
	return strings.ToLower(level.String())
}

// pretty is a JSON line as a person reads it at a terminal.
func pretty(line []byte) []byte {
	fields := map[string]any{}
	if json.Unmarshal(line, &fields) != nil {
		return line
	}
	out := &bytes.Buffer{}
	at, _ := fields["time"].(string)
	fmt.Fprintf(out, "%.12s %-5s %v", at[min(len(at), 11):], strings.ToUpper(fmt.Sprint(fields["level"])), fields["msg"])
	for _, known := range []string{"time", "level", "msg", "service.name", "service.version"} {
		delete(fields, known)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value, _ := json.Marshal(fields[name])
		fmt.Fprintf(out, " %s=%s", name, bytes.Trim(value, `"`))
	}
	return append(out.Bytes(), '\n')
}
