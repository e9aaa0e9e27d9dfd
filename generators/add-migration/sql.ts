import { quoted } from '../../engine/core/service/columns.ts';

/** What the end of a column's name says of its type. */
const TYPES: readonly [RegExp, string][] = [
  [/_at$/, 'timestamptz'],
  [/_on$/, 'date'],
  [/_id$/, 'uuid'],
  [/_(count|cents|number)$/, 'integer'],
  [/^(is|has)_/, 'boolean not null default false'],
];

const typeOf = (column: string): string => TYPES.find(([pattern]) => pattern.test(column))?.[1] ?? 'text';

/** The two names that a pattern captured, quoted for SQL. */
function names([, first = '', second = '']: RegExpExecArray): [string, string] {
  return [quoted(first), quoted(second)];
}

/** The SQL that a name such as `add_paid_at_to_invoices` implies, or else a placeholder comment. */
export function migrationSql(name: string): { up: string; down: string } {
  const added = /^add_(\w+?)_to_(\w+)$/.exec(name);
  if (added) {
    const [column, table] = names(added);
    return {
      up: `alter table ${table} add column ${column} ${typeOf(column)};`,
      down: `alter table ${table} drop column ${column};`,
    };
  }
  const removed = /^(?:remove|drop)_(\w+?)_from_(\w+)$/.exec(name);
  if (removed) {
    const [column, table] = names(removed);
    return {
      up: `alter table ${table} drop column ${column};`,
      down: `alter table ${table} add column ${column} ${typeOf(column)};`,
    };
  }
  const created = /^create_(\w+)$/.exec(name);
  if (created) {
    const [table] = names(created);
    return {
      up: `create table ${table} (\n  id uuid primary key default gen_random_uuid(),\n  created_at timestamptz not null default now()\n);`,
      down: `drop table ${table};`,
    };
  }
  const words = name.replaceAll('_', ' ');
  return { up: `-- ${words}`, down: `-- the way back of: ${words}` };
}
