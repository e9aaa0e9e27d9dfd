import fc from 'fast-check';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { OWNERS, type Owner } from '../../engine/core/template/template.ts';
import type { FileMode, Tree, TreeFile } from '../../engine/core/tree.ts';
import type { Upgrading } from './merging.ts';

/** The edit of one side in one file. */
interface Editing {
  /** `swap`: a file becomes a folder with the file in it, or a folder becomes the file that was in it. */
  readonly fate: 'keep' | 'delete' | 'rename' | 'swap';
  readonly edits: readonly { kind: 'insert' | 'replace' | 'delete'; at: number; value: number }[];
  readonly chmod: boolean;
  /** Only the team makes this edit. */
  readonly style: 'as it is' | 'CRLF' | 'reformatted';
}

/** A file as lines, or as the keys of a map in some format. */
type Items = readonly string[];

const NAMES = ['a.ts', 'src/b.ts', 'c.md', 'd.json', 'e.yaml', 'f.py', 'g.bin'] as const;
type Name = (typeof NAMES)[number];

const editing = (styles: readonly Editing['style'][]): fc.Arbitrary<Editing> =>
  fc.record({
    fate: fc.constantFrom('keep', 'keep', 'keep', 'keep', 'keep', 'delete', 'rename', 'swap'),
    edits: fc.array(
      fc.record({
        kind: fc.constantFrom('insert', 'replace', 'delete'),
        at: fc.nat(12),
        value: fc.nat(99),
      }),
      { maxLength: 4 },
    ),
    chmod: fc.boolean(),
    style: fc.constantFrom(...styles),
  });

const file = fc.record({
  name: fc.constantFrom(...NAMES),
  items: fc.array(fc.nat(20), { maxLength: 12 }),
  owner: fc.constantFrom(...OWNERS),
  ours: editing(['as it is', 'as it is', 'CRLF', 'reformatted']),
  theirs: editing(['as it is']),
});

/** Files that one side adds. Both sides may add the same file. */
const added = fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), value: fc.nat(3) }), {
  selector: ({ name }) => name,
  maxLength: 2,
});

export interface RandomUpgrade extends Upgrading {
  /** Words that are only in lines of the team. */
  readonly words: readonly string[];
  /** Files that the team reformatted. */
  readonly reformatted: ReadonlySet<string>;
  /** Files that the team removed, and did not add under another name. */
  readonly deleted: readonly RepoPath[];
}

export const randomUpgrade: fc.Arbitrary<RandomUpgrade> = fc
  .record({
    files: fc.uniqueArray(file, { selector: ({ name }) => name, minLength: 1, maxLength: 5 }),
    ours: added,
    theirs: added,
  })
  .map(({ files, ours, theirs }) => {
    const [old, next, team] = [0, 1, 2].map(() => new Map<RepoPath, TreeFile>()) as [
      Map<RepoPath, TreeFile>,
      Map<RepoPath, TreeFile>,
      Map<RepoPath, TreeFile>,
    ];
    const deleted: RepoPath[] = [];
    for (const tree of [old, next, team])
      tree.set(parseRepoPath('always.txt'), { mode: 0o644, content: Buffer.from('-\n') });
    for (const one of files) {
      const items = one.items.map((value, index) => `base${index}_${value}`);
      const path = parseRepoPath(one.name);
      old.set(path, written(one.name, items, 0o644));
      put(next, one.name, items, one.theirs, 'next');
      put(team, one.name, items, one.ours, 'ours');
      if (one.ours.fate === 'delete') deleted.push(path);
    }
    for (const { name, value } of theirs) next.set(parseRepoPath(`new/${name}`), newFile(name, value, 'next'));
    for (const { name, value } of ours) team.set(parseRepoPath(`new/${name}`), newFile(name, value, 'ours'));
    const preset = { ownership: files.map(({ name, owner }): [string, Owner] => [name, owner]) };
    const texts = [...team.values()].map(({ content }) => Buffer.from(content).toString('latin1'));
    const words = texts.flatMap((text) => text.match(/ours\d+_\d+/g) ?? []);
    const reformatted = new Set(files.flatMap(({ name, ours }) => (ours.style === 'reformatted' ? [name] : [])));
    return {
      old: { files: old, preset },
      next: { files: next, preset },
      team: () => team,
      words: [...new Set(words)],
      reformatted,
      deleted,
    };
  });

function put(tree: Map<RepoPath, TreeFile>, name: Name, items: Items, how: Editing, side: 'next' | 'ours'): void {
  if (how.fate === 'delete') return;
  const renamed = `moved/${how.chmod ? 'here' : side}/${name}`;
  const swapped = name.includes('/') ? name.slice(0, name.indexOf('/')) : `${name}/${how.chmod ? 'in' : side}`;
  const path = { keep: name, rename: renamed, swap: swapped }[how.fate];
  const edited = [...items];
  how.edits.forEach(({ kind, at, value }, index) => {
    const place = Math.min(at, edited.length);
    const word = `${side}${index}_${value}`;
    edited.splice(place, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [word]));
  });
  const mode = how.chmod && how.fate === 'keep' ? 0o755 : 0o644;
  tree.set(parseRepoPath(path), written(name, edited, mode, how.style));
}

function newFile(name: Name, value: number, side: string): TreeFile {
  return written(name, [`same0_${value}`, `${side}9_${value}`], 0o644);
}

function written(name: Name, items: Items, mode: FileMode, style: Editing['style'] = 'as it is'): TreeFile {
  if (name === 'g.bin') return { mode, content: Buffer.from(`\0\xff ${items.join(' ')}`, 'latin1') };
  const text = textOf(name, items, style === 'reformatted');
  return { mode, content: Buffer.from(style === 'CRLF' ? text.replaceAll('\n', '\r\n') : text) };
}

function textOf(name: Name, items: Items, isReformatted: boolean): string {
  const lines = (line: (item: string) => string) => items.map((item) => `${line(item)}\n`).join('');
  switch (name) {
    case 'a.ts':
    case 'src/b.ts':
      return isReformatted
        ? lines((item) => `\t  call( '${item}' )`)
        : lines((item) => (item.endsWith('_0') ? '}' : `call("${item}");`));
    case 'd.json': {
      const map = Object.fromEntries(items.map((item, index) => keyed(item, index)));
      return `${JSON.stringify(map, null, isReformatted ? '\t' : 2)}\n`;
    }
    case 'e.yaml': {
      const map = Object.entries(Object.fromEntries(items.map((item, index) => keyed(item, index))));
      if (map.length === 0) return '{}\n';
      return map
        .map(([key, value]) => (typeof value === 'string' ? `${key}: ${value}\n` : `${key}:\n  in: ${value.in}\n`))
        .map((text) => (isReformatted ? `# mine\n${text}` : text))
        .join('');
    }
    default:
      return lines((item) => `${isReformatted ? '   ' : ''}${item} is a line`);
  }
}

/** A key that stays when its value is edited, or a new key for a new value. */
function keyed(item: string, index: number): [string, string | { in: string }] {
  const number = Number(item.split('_')[1]);
  if (number % 3 === 0) return [`key${index}`, item];
  return number % 3 === 1 ? [`map${index}`, { in: item }] : [item, item];
}

/** The same case without any edit. */
export function untouched({ old, next }: Upgrading): Upgrading {
  return { old, next, team: (rendered: Tree) => rendered };
}
