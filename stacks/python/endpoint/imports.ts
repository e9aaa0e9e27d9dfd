import { call, print } from '../print/layout.ts';

/** Names that code may use, by the modules that have them, as isort sorts modules. */
const MODULES: readonly (readonly [module: string, names: string])[] = [
  ['typing', 'Annotated Any Literal cast'],
  ['fastapi', 'Body Header Path Query Response'],
  ['fastapi.responses', 'JSONResponse PlainTextResponse'],
  ['psycopg.errors', 'UniqueViolation'],
  ['pydantic', 'Field'],
  [
    'service.platform.fields',
    'Among AmongText AnyOf Boolean BooleanText Csv Date Decimal Email Input Integer IntegerText Line Maybe Moment Nullable Number NumberText Output Text Texts Uri Url Uuid',
  ],
  ['service.platform.postgres', 'Postgres'],
  ['service.platform.problem', 'Problem problems'],
  ['service.platform.routes', 'Router'],
  ['service.platform.stored', 'StoredDate StoredMoment StoredUri StoredUrl'],
];

/** The modules of each section, the standard library first. */
const SECTIONS: readonly RegExp[] = [/^typing$/, /^(fastapi|psycopg|pydantic)/, /^service\./];

/** Whether a module of a feature may have a name from another module. */
export function isImported(name: string): boolean {
  return /^(Depends|UUID|Store|ItemId|IfMatch|IfNoneMatch|Cursor|Limit)$/.test(name) || NAMES.has(name);
}

const NAMES = new Set(MODULES.flatMap(([, names]) => names.split(' ')));

/** The lines that import what code uses. */
export function importsOf(code: string): string[] {
  // What is quoted is no name.
  const bare = code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
  const used = new Set(bare.match(/\b[A-Za-z]\w*\b/g));
  const known = MODULES.map(([module, names]) => ({
    module,
    names: names.split(' ').filter((one) => used.has(one)),
  }));
  const sections = SECTIONS.map((section) =>
    known
      .filter(({ module, names }) => names.length > 0 && section.test(module))
      .map(({ module, names }) => importCode(module, names)),
  );
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** One import, in several lines where it is too long. */
export function importCode(module: string, names: readonly string[]): string {
  const line = `from ${module} import ${names.join(', ')}`;
  if (line.length <= 120) return line;
  return print(
    call(
      `from ${module} import `,
      names.map((name) => ['', name]),
    ),
    0,
  );
}
