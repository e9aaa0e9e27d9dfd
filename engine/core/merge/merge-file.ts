import { isUtf8 } from 'node:buffer';
import type { RepoPath } from '../repo-path.ts';
import type { RenderedFile } from '../template/template.ts';
import { mergeLines } from '../text/sorted-lines.ts';
import { decodeText, encodeText } from '../text/text.ts';
import { type FileMode, sameFile, type TreeFile } from '../tree.ts';
import { isOdd, type MergedFile, type OddFile } from './merged-file.ts';
import { type MergeRules, mergeJsonTexts, type ThreeTexts } from './text/merge-json.ts';
import { mergeYamlTexts } from './text/merge-yaml.ts';
import { undoFormatting } from './text/reformat.ts';

/** The three versions of one file. */
interface ThreeFiles {
  readonly path: RepoPath;
  readonly base?: RenderedFile;
  readonly ours?: TreeFile | OddFile;
  readonly theirs?: RenderedFile;
}

/** The texts of a file whose lines have to be merged, with the line ends of the template. */
interface LineMerge {
  readonly base?: TreeFile;
  readonly ours: TreeFile;
  readonly theirs: TreeFile;
}

export type Verdict =
  | { readonly kind: 'settled'; readonly file: MergedFile }
  | {
      readonly kind: 'lines';
      readonly lines: LineMerge;
      readonly isCrlf: boolean;
      readonly isDerived: boolean;
      readonly note?: string;
    }
  /** The team deleted or renamed what the template changed. */
  | { readonly kind: 'missing' }
  /** The template removed or renamed what the team edited. */
  | { readonly kind: 'orphan'; readonly ours: TreeFile; readonly isCrlf: boolean };

/** Decides what becomes of one file, if that is possible without merging lines. */
export async function mergeFile({ path, base, ours, theirs }: ThreeFiles, rules: MergeRules): Promise<Verdict> {
  const settled = (outcome: MergedFile['outcome'], more: Partial<MergedFile> = {}): Verdict => ({
    kind: 'settled',
    file: { path, outcome, ...more },
  });
  const isMoved = base === undefined || theirs === undefined ? base !== theirs : !sameFile(base, theirs);
  if (isOdd(ours)) {
    if (!theirs || !isMoved) return settled('kept', { note: `is ${ours.odd}` });
    return settled('conflict', {
      note: `is ${ours.odd}; the template changed the file`,
      beside: besideFile(path, theirs),
    });
  }
  if (!ours) {
    if (!theirs) return settled('unchanged');
    if (!base) return settled('created', { after: theirs });
    return isMoved ? { kind: 'missing' } : settled('deleted by you');
  }
  const isCrlf = hasCrlf(ours, base ?? theirs);
  const own = isCrlf ? { ...ours, content: toLf(ours.content) } : ours;
  const isUnedited = base !== undefined && Buffer.compare(base.content, own.content) === 0;
  if (!theirs) {
    if (isUnedited) return settled('removed', { after: null });
    if (base?.owner === 'seeded') return settled('kept', { note: 'the template no longer has it; it is yours' });
    if (base?.owner === 'derived') return settled('kept', { note: 'nothing makes it any more: delete it' });
    return { kind: 'orphan', ours: own, isCrlf };
  }
  const restore = (content: Uint8Array, mode: FileMode): TreeFile => ({
    content: isCrlf ? toCrlf(content) : content,
    mode,
  });
  const mode = base && ours.mode !== base.mode ? ours.mode : theirs.mode;
  if (base && !isMoved) return settled(isUnedited && ours.mode === base.mode ? 'unchanged' : 'kept');
  if (isUnedited) return settled('updated', { after: restore(theirs.content, mode) });
  if (Buffer.compare(own.content, theirs.content) === 0)
    return ours.mode === mode ? settled('unchanged') : settled('updated', { after: { ...ours, mode } });
  if (theirs.owner === 'seeded') return settled('kept', { note: 'seeded once; it is yours' });
  if (base && Buffer.compare(base.content, theirs.content) === 0)
    return settled('merged', { after: { content: ours.content, mode } });
  if (![base, own, theirs].every((file) => !file || isText(file.content)))
    return settled('conflict', { note: 'both sides changed a binary file', beside: besideFile(path, theirs) });
  const texts = textsOf(base, own, theirs);
  const isUnicode = [base, own, theirs].every((file) => !file || isUtf8(file.content));
  const merged = isUnicode ? await mergeByKey(path, texts, rules) : undefined;
  const isDerived = theirs.owner === 'derived';
  const note = isDerived || !merged ? {} : describeDropped(merged.dropped);
  if (merged && 'text' in merged) {
    const isLeft = merged.dropped.length > 0 && merged.text === texts.ours && mode === ours.mode;
    return settled(isLeft ? 'kept' : 'merged', { after: restore(Buffer.from(merged.text), mode), ...note });
  }
  const lines = merged ?? { ...texts, ours: await undoFormatting(path, texts.base, texts.ours, texts.theirs) };
  const withText = (text: string): TreeFile => ({ content: encodeText(text), mode });
  return {
    kind: 'lines',
    ...note,
    isCrlf,
    isDerived,
    lines: {
      ...(base || merged ? { base: withText(lines.base) } : {}),
      ours: withText(lines.ours),
      theirs: withText(lines.theirs),
    },
  };
}

type KeyMerge = Awaited<ReturnType<typeof mergeJsonTexts>> | Awaited<ReturnType<typeof mergeYamlTexts>>;

async function mergeByKey(path: string, texts: ThreeTexts, rules: MergeRules): Promise<KeyMerge> {
  if (rules.sortedLines?.includes(path)) return { text: mergeLines(texts), dropped: [] };
  if (/\.jsonc?$/.test(path)) return mergeJsonTexts(texts, rules);
  return /\.ya?ml$/.test(path) ? mergeYamlTexts(texts) : undefined;
}

/** How many keys a note names. */
const MAX_NAMED = 5;

function describeDropped(keys: readonly string[]): { note?: string } {
  if (keys.length === 0) return {};
  const more = keys.length > MAX_NAMED ? [`${keys.length - MAX_NAMED} more`] : [];
  return { note: `you deleted ${[...keys.slice(0, MAX_NAMED), ...more].join(', ')}; the template changed it` };
}

/** The three texts of a file. A JSON object that both sides added has an empty one as its base. */
function textsOf(base: TreeFile | undefined, ours: TreeFile, theirs: TreeFile): ThreeTexts {
  const [own, next] = [ours, theirs].map(({ content }) => decodeText(content));
  const nothing = /^\s*\{/.test(next ?? '') ? '{}\n' : '';
  return {
    base: base ? decodeText(base.content) : nothing,
    ours: own ?? '',
    theirs: next ?? '',
  };
}

/**
 * The template's side of a conflict, under a name that no tool takes for the real file.
 * @param obstacle what is in the way: the file itself, or something above it. `docs` gives `docs.twelve-theirs/a.md`
 */
export function besideFile(
  path: RepoPath,
  file: TreeFile,
  obstacle: RepoPath = path,
): { path: RepoPath; file: TreeFile } {
  const depth = obstacle.split('/').length;
  const segments = path.split('/');
  const beside = [`${segments.slice(0, depth).join('/')}${BESIDE}`, ...segments.slice(depth)].join('/');
  return { path: beside as RepoPath, file: { content: file.content, mode: file.mode } };
}

export const BESIDE = '.twelve-theirs';

/** Whether a team's file is as it was generated, apart from its line ends and its mode. */
export function isUnedited(base: TreeFile, ours: TreeFile): boolean {
  const content = hasCrlf(ours, base) ? toLf(ours.content) : ours.content;
  return Buffer.compare(base.content, content) === 0;
}

/** Whether lines can be merged: as for git, text is what has no NUL. It may be in any encoding. */
export function isText(content: Uint8Array): boolean {
  return !content.includes(0);
}

/** Whether every line ends in CRLF, while the template's lines end in LF. */
export function hasCrlf(ours: TreeFile, template: TreeFile | undefined): boolean {
  const bytes = Buffer.from(ours.content);
  if (!bytes.includes('\r\n') || !isText(bytes)) return false;
  if (template && Buffer.from(template.content).includes('\r\n')) return false;
  return !/(^|[^\r])\n/.test(bytes.toString('latin1'));
}

export function toLf(content: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

export function toCrlf(content: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(content).toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
}
