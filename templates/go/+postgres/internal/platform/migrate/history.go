package migrate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// entry is a migration that was applied, or begun outside a transaction and not finished.
type entry struct {
	Name     string
	Checksum string
	Finished bool
}

// history is the table schema_migrations, as one session sees it.
type history struct {
	conn *pgx.Conn
	// table is quoted and has its schema: it means the same whatever a migration does to the search_path.
	table   string
	isThere bool
}

// place is a schema of the search_path, of which the first is where new tables come into.
type place struct {
	Schema, Table string
	// IsHistory is nil where nothing has the name of the history.
	IsHistory, IsReadable *bool
}

const places = `
select n.nspname, format('%I.schema_migrations', n.nspname),
       case when c.oid is not null then c.relkind in ('r', 'p') and 4 = (
         select count(*) from pg_attribute a
         where a.attrelid = c.oid and not a.attisdropped
           and (a.attname, format_type(a.atttypid, null)) in (
             ('name', 'text'), ('checksum', 'text'), ('finished', 'boolean'), ('applied_at', 'timestamp with time zone'))) end,
       has_table_privilege(c.oid, 'select')
from unnest(current_schemas(false)) with ordinality as path(name, place)
join pg_namespace n on n.nspname = path.name
left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_migrations'
order by path.place`

// findHistory finds it in the schema that new tables come into. It fails with a [BadURL] where there is no such schema, the
// table is somebody else's, or the history is in another schema of the search_path.
func findHistory(ctx context.Context, conn *pgx.Conn, migrations []Migration) (history, error) {
	rows, _ := conn.Query(ctx, places)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[place])
	if err != nil {
		return history{}, err
	}
	if len(found) == 0 {
		var path string
		if err := conn.QueryRow(ctx, "show search_path").Scan(&path); err != nil {
			return history{}, err
		}
		return history{}, BadURL(fmt.Sprintf("no schema of the search_path is there, or the role may use none of them: %s. "+
			"Create the schema, or set another search_path in DATABASE_URL", path))
	}
	first := found[0]
	if first.IsHistory != nil && !*first.IsHistory {
		return history{}, BadURL(first.Table + " is of another program. Set the search_path in DATABASE_URL to a schema of this " +
			"service, as in ?options=-c%20search_path%3Dorders")
	}
	var names, checksums []string
	for _, migration := range migrations {
		names, checksums = append(names, migration.Name), append(checksums, migration.checksum)
	}
	for _, other := range found[1:] {
		if first.IsHistory != nil || other.IsHistory == nil || !*other.IsHistory || !*other.IsReadable {
			continue
		}
		var isOurs bool
		err := conn.QueryRow(ctx, `select exists (select from `+other.Table+
			` where (name, checksum) in (select * from unnest($1::text[], $2::text[])))`, names, checksums).Scan(&isOurs)
		if err != nil {
			return history{}, err
		}
		if isOurs { // The schema came later, such as one with the name of the role: all would be applied again.
			return history{}, BadURL(fmt.Sprintf("%s has the history, but new tables would come into %s. Set the search_path in "+
				"DATABASE_URL to the one schema that is meant", other.Table, first.Schema))
		}
	}
	return history{conn, first.Table, first.IsHistory != nil}, nil
}

// create makes the table on the first run; later ones need no right to do so.
func (h history) create(ctx context.Context) error {
	if h.isThere {
		return nil
	}
	_, err := h.conn.Exec(ctx, `create table if not exists `+h.table+` (
	  name text primary key, checksum text not null, finished boolean not null, applied_at timestamptz not null default now())`)
	return err
}

// read gives everything that was applied, the oldest first.
func (h history) read(ctx context.Context) ([]entry, error) {
	if !h.isThere {
		return nil, nil
	}
	rows, _ := h.conn.Query(ctx, `select name, checksum, finished from `+h.table+` order by applied_at, name`)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[entry])
}

func (h history) remember(ctx context.Context, m Migration, finished bool) error {
	_, err := h.conn.Exec(ctx, `insert into `+h.table+` (name, checksum, finished) values ($1, $2, $3)
	  on conflict (name) do update set checksum = excluded.checksum, finished = excluded.finished`, m.Name, m.checksum, finished)
	return err
}

func (h history) forget(ctx context.Context, m Migration) error {
	_, err := h.conn.Exec(ctx, `delete from `+h.table+` where name = $1`, m.Name)
	return err
}
