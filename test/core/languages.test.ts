import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** By these words a file shows that it knows a language. */
const WORDS: readonly RegExp[] = [
  /package(-lock)?\.json|npm-shrinkwrap|pnpm|\b(npm|npx|yarn|bun)\b|node_modules|dist\/main|NODE_OPTIONS/i,
  /\btypescript\b|\bjavascript\b|\btsx?config\b|\b(biome|fastify|vitest|zod)\b|\bsrc\//i,
  /\bgo\.(mod|sum|work)\b|\bgo (build|mod|test|run|vet)\b|\bgolang\b/i,
  /pyproject|requirements\.txt|\.venv|\b(python|pip|uv|poetry|pytest)\b/i,
  /pom\.xml|\b(gradle|mvn|maven|java|jvm)\b/i,
];

/** What has such a word and says nothing of the language of a service. */
const NO_LANGUAGE: readonly RegExp[] = [
  // How this program is called.
  /\bnp(x|m create) (create-)?twelve-service\b/g,
  // A source of presets.
  /\bnpm:/g,
  // Where faults of this program are reported.
  /\bnpm bugs create-twelve-service\b/g,
];

interface Room {
  readonly folder: string;
  /** Words that would show it besides. */
  readonly words?: readonly RegExp[];
  /** Folders in it that may know languages. */
  readonly without?: readonly string[];
  readonly exceptions: readonly Exception[];
}

interface Exception {
  /** A file, or the folder of several. */
  readonly file: string;
  /** A part of the line; all lines without it. */
  readonly text?: string;
  readonly reason: string;
}

/** Where nothing knows a language, but for what is listed. */
const ROOMS: readonly Room[] = [
  {
    folder: 'contract',
    words: [/\bnode\b(?!:)/i],
    without: ['contract/runtimes', 'contract/reference', 'contract/mutants'],
    exceptions: [
      {
        file: 'contract/document.ts',
        text: 'npx tsx contract/write-document.ts',
        reason: 'a command of this project, whatever the language of a service',
      },
      {
        file: 'contract/probes/http/hidden-routes.ts',
        text: '/package.json',
        reason: 'files of any language that a service may show by mistake',
      },
    ],
  },
  { folder: 'maintenance/verify', words: [/\bnode\b(?!:)/i], exceptions: [] },
  {
    folder: 'engine',
    exceptions: [
      { file: 'engine/core/preset/', reason: 'a preset may be an npm package' },
      { file: 'engine/io/source/', reason: 'presets and other versions of this program are fetched with npm' },
      { file: 'engine/core/too-young.ts', reason: 'what npm prints while it fetches a preset' },
      { file: 'engine/core/client.ts', reason: 'what downloads this program and starts it' },
      { file: 'engine/io/command.ts', text: 'npm', reason: 'how Windows starts npm, which fetches presets too' },
      { file: 'engine/io/process-group.ts', text: 'npm', reason: 'how Windows starts npm, which fetches presets' },
      { file: 'engine/io/version.ts', text: 'package.json', reason: "this program's own" },
      {
        file: 'engine/core/names.ts',
        reason: 'a name is checked before the language is known, and a service may change its language',
      },
      { file: 'engine/core/text/redact.ts', text: 'npm', reason: 'what npm prints while it fetches a preset' },
      { file: 'engine/core/service/fields/wrong.ts', text: 'javascript:', reason: 'a URL that every service refuses' },
      { file: 'engine/core/template/helpers.ts', text: 'TypeScript', reason: 'a format that templates write' },
      {
        file: 'engine/core/template/source-template.ts',
        text: 'npm leaves',
        reason: 'templates of every language are in the npm package of this program',
      },
    ],
  },
  {
    folder: 'generators',
    exceptions: [{ file: 'generators/load-presets.ts', text: 'npm', reason: 'npm is a source of presets' }],
  },
  {
    folder: 'maintenance',
    without: ['maintenance/verify'],
    exceptions: [
      {
        file: 'maintenance/adopt/contract-gaps.ts',
        text: 'const CODE',
        reason: 'adopt reads a repository of any language',
      },
      { file: 'maintenance/adopt/published-versions.ts', reason: 'versions of this program are published on npm' },
      { file: 'maintenance/audit/standards.ts', text: 'npm', reason: 'npm is a source of presets' },
      { file: 'maintenance/upgrade/sides.ts', text: 'npm', reason: 'npm is a source of presets' },
      { file: 'maintenance/upgrade/wanted.ts', text: "'npm'", reason: 'npm is a source of presets' },
      { file: 'maintenance/preset/promises.ts', reason: 'a preset may be an npm package' },
    ],
  },
  {
    folder: 'bin',
    exceptions: [
      { file: 'bin/command-line/npm-log.ts', reason: 'what npm did with the options that it took' },
      { file: 'bin/command-line/npm-flags.ts', reason: 'this program is called through npm, which takes options' },
      { file: 'bin/command-line/separator.ts', reason: 'what this program is called through hands on a "--"' },
      { file: 'bin/command-line/parse.ts', text: 'npm', reason: 'this program is called through npm' },
      { file: 'bin/command-line/document.ts', reason: 'this program is called through npm' },
      { file: 'bin/plopfile.ts', text: 'npx plop', reason: 'how plop is called' },
    ],
  },
  { folder: 'report', exceptions: [] },
];

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The lines of a room's sources that have one of the words. */
function findingsOf({ folder, words = [], without = [] }: Room): Finding[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.(ts|mts|js)$/.test(name)).map((name) => `${folder}/${name}`);
  return files
    .filter((file) => !without.some((one) => file.startsWith(`${one}/`)))
    .flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .map((text, at) => ({ file, line: at + 1, text: text.trim() }))
        .filter(({ text }) => {
          const said = NO_LANGUAGE.reduce((left, meaning) => left.replaceAll(meaning, ''), text);
          return [...WORDS, ...words].some((word) => word.test(said));
        }),
    );
}

const isMeant = ({ file, text }: Finding, exception: Exception) =>
  file.startsWith(exception.file) && text.includes(exception.text ?? '');

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
