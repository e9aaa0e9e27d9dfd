package migrate

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"service/internal/platform/postgres"
)

const identifier = `(?:"(?:[^"]|"")+"|[^\s".(;]+)`

var createIndex = regexp.MustCompile(`(?i)^(?:\s|--.*\n)*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?` +
	`(` + identifier + `)\s+on\s+(?:only\s+)?(` + identifier + `(?:\.` + identifier + `)?)`)

// applyAlone applies a migration that PostgreSQL refuses inside a transaction. The history knows that it has begun: so an
// index that a killed run left half made is dropped and made again, and one that was finished just before the kill is kept.
// Nothing else is dropped, since what a migration did not make is not its to remove.
func applyAlone(ctx context.Context, h history, m Migration, entries []entry) error {
	isBegun, isSame := false, false
	for _, one := range entries {
		if one.Name == m.Name {
			isBegun, isSame = true, one.Checksum == m.checksum
		}
	}
	before, err := findIndex(ctx, h.conn, m.up.sql, isBegun)
	if err != nil {
		return err
	}
	if before == "" || !isSame {
		if err := h.remember(ctx, m, false); err != nil {
			return err
		}
		if err := runAlone(ctx, h.conn, m.up.sql); err != nil {
			return cleanUp(ctx, h, m, before, err)
		}
		if made, err := findIndex(ctx, h.conn, m.up.sql, false); err != nil {
			return err
		} else if strings.HasPrefix(made, half) {
			return cleanUp(ctx, h, m, made, errors.New(made[len(half):]+" was there already, and is not valid: drop it"))
		}
	}
	return h.remember(ctx, m, true)
}

// cleanUp says what stays of a statement that failed. Where the connection is lost, the next run looks.
func cleanUp(ctx context.Context, h history, m Migration, before string, cause error) error {
	if postgres.IsUnavailable(cause) {
		return cause
	}
	if before == "" {
		made, err := findIndex(ctx, h.conn, m.up.sql, true)
		if err != nil {
			return err
		}
		if made != "" {
			return &Failed{m.Name, false, cause.Error() + ". " + made + " is there and stays", cause}
		}
	}
	if server := serverError(cause); server != nil && server.Code == "42601" || createIndex.MatchString(m.up.sql) {
		if err := h.forget(ctx, m); err != nil {
			return err
		}
		return &Failed{m.Name, true, cause.Error(), cause}
	}
	return &Failed{m.Name, false, cause.Error() + ". What it did before that may stay: look, and migrate again", cause}
}

// revertAlone reverts it. Until that is done the history has it as begun, for the next run to finish.
func revertAlone(ctx context.Context, h history, m Migration) error {
	if err := h.remember(ctx, m, false); err != nil {
		return err
	}
	if err := runAlone(ctx, h.conn, m.down.sql); err != nil {
		if postgres.IsUnavailable(err) {
			return err
		}
		return &Failed{m.Name, false, err.Error() + ". It is neither applied nor reverted: migrate up or down again", err}
	}
	return h.forget(ctx, m)
}

// scriptError is one of the server, in fewer words.
type scriptError struct {
	error
	text string
}

func (s scriptError) Error() string { return s.text }
func (s scriptError) Unwrap() error { return s.error }

// runAlone runs one statement. Several in one simple query would be a transaction; the extended protocol refuses them.
func runAlone(ctx context.Context, conn *pgx.Conn, sql string) error {
	_, err := conn.PgConn().ExecParams(ctx, sql, nil, nil, nil, nil).Close()
	server := serverError(err)
	if server == nil {
		return err
	}
	if strings.HasPrefix(server.Message, "cannot insert multiple commands") {
		return scriptError{err, "a file without a transaction has one statement"}
	}
	return scriptError{err, server.Message + line(sql, server.Position)}
}

// half is in front of the name of an index that is not valid, such as one that an interrupted statement left.
const half = "!"

// findIndex finds the index that a script makes, if that is what it does and it is there. It drops one that is half made.
func findIndex(ctx context.Context, conn *pgx.Conn, sql string, drop bool) (name string, err error) {
	match := createIndex.FindStringSubmatch(sql)
	if match == nil {
		return "", nil
	}
	var isValid bool
	err = conn.QueryRow(ctx, `
	  select format('%I.%I', n.nspname, c.relname), i.indisvalid
	  from pg_class t
	  join pg_class c on c.relnamespace = t.relnamespace
	  join pg_index i on i.indexrelid = c.oid
	  join pg_namespace n on n.oid = c.relnamespace
	  where t.oid = to_regclass($1) and c.relname = (parse_ident($2))[1]`, match[2], match[1]).Scan(&name, &isValid)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err != nil || isValid:
		return name, err
	case !drop:
		return half + name, nil
	}
	_, err = conn.Exec(ctx, "drop index concurrently "+name, pgx.QueryExecModeSimpleProtocol)
	return "", err
}
