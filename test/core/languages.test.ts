import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** By these words a file shows that it knows a language. */
const WORDS: readonly RegExp[] = [
  /package(-lock)?\.json|npm-shrinkwrap|pnpm|\b(npm|npx|yarn|bun)\b|node_modules|dist\/main|NODE_OPTIONS|\bnode\b(?!:)/i,
  /\btypescript\b|\bjavascript\b|\btsx?config\b|\bzod\b|src\/features/i,
  /\bgo\.(mod|sum|work)\b|\bgo (build|mod|test|run|vet)\b|\bgolang\b/i,
  /pyproject|requirements\.txt|\.venv|\b(python|pip|uv|poetry|pytest)\b/i,
  /pom\.xml|\b(gradle|mvn|maven|java|jvm)\b/i,
];

interface Room {
  readonly folder: string;
  /** Folders in it that may know languages. */
  readonly without?: readonly string[];
  readonly exceptions: readonly Exception[];
}

interface Exception {
  readonly file: string;
  /** A part of the line. */
  readonly text: string;
  readonly reason: string;
}

/** Where nothing knows a language, but for what is listed. */
const ROOMS: readonly Room[] = [
  {
    folder: 'contract',
    without: ['contract/runtimes', 'contract/reference', 'contract/mutants'],
    exceptions: [
      {
        file: 'contract/document.ts',
        text: 'npx tsx contract/write-document.ts',
        reason: 'a command of this project, whatever the language of a service',
      },
    ],
  },
  { folder: 'maintenance/verify', exceptions: [] },
];

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The lines of a room's sources that have one of the words. */
function findingsOf({ folder, without = [] }: Room): Finding[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.(ts|mts|js)$/.test(name)).map((name) => `${folder}/${name}`);
  return files
    .filter((file) => !without.some((one) => file.startsWith(`${one}/`)))
    .flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .map((text, at) => ({ file, line: at + 1, text: text.trim() }))
        .filter(({ text }) => WORDS.some((words) => words.test(text))),
    );
}

const isMeant = ({ file, text }: Finding, exception: Exception) =>
  file === exception.file && text.includes(exception.text);

describe.each(ROOMS)('$folder', (room) => {
  const findings = findingsOf(room);

  it('knows no language', () => {
    const unexplained = findings.filter((finding) => !room.exceptions.some((one) => isMeant(finding, one)));
    expect(unexplained.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
  });

  it('needs each of its exceptions', () => {
    const needless = room.exceptions.filter((one) => !findings.some((finding) => isMeant(finding, one)));
    expect(needless).toEqual([]);
  });
});

it('words of a language are found', () => {
  const folder = 'contract/runtimes';
  const files = new Set(findingsOf({ folder, exceptions: [] }).map(({ file }) => file));
  for (const name of ['node', 'go', 'python', 'java']) expect(files).toContain(`${folder}/${name}.ts`);
});
