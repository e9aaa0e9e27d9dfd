import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../engine/core/errors.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { type HashedFile, memoRenderer } from '../../engine/core/template/memo-render.ts';
import { type CreateAnswers, parseCreateAnswers } from '../../generators/create/questions.ts';
import type { Standard } from '../../generators/standard.ts';
import { type Document, isPipeline, readDocument } from './document.ts';
import { MARK, type TextAnswers, textAnswers } from './hostile.ts';
import { isRawInShell } from './shell-words.ts';

/** Finds problems of what presets change in a service, as the tools see it that read it. */
interface FileCheck {
  /** The problems with one set of answers. A file that was read before with the same content is not read again. */
  readonly problems: (set: Readonly<Record<string, unknown>>) => Promise<Problem[]>;
}

/** What was read so far, of all stacks: most files are the same in several. */
export interface SeenFiles {
  /** What presets change: path -> hash -> file. */
  readonly changed: Map<RepoPath, Map<string, HashedFile>>;
  readonly documents: Map<string, Promise<Document | undefined>>;
  readonly compared: Set<string>;
  /** Files of which it was said what an answer does there: the other texts say the same. */
  readonly told: Set<RepoPath>;
}

export const seenFiles = (): SeenFiles => ({
  changed: new Map(),
  documents: new Map(),
  compared: new Set(),
  told: new Set(),
});

/**
 * Checks the files that presets change: those of the template alone are held to the same by our own tests.
 * @param blocksIn the blocks in a file, by its path
 * @param withComments paths of JSON that its tools read with comments
 * @param raw sources with an answer of any text that goes through no helper: nothing more is said of what answers do there
 * @param seen what was read before
 */
export function checkFiles(
  standard: Standard,
  blocksIn: (path: string) => readonly string[],
  withComments: RegExp,
  raw: ReadonlySet<string>,
  { changed, documents, compared, told }: SeenFiles,
): FileCheck {
  const origin = ({ path, source }: HashedFile): string => {
    const blocks = blocksIn(path).map((name) => `blocks/${name}.hbs`);
    if (blocks.length === 0) return `from ${source}`;
    return `from ${source} with ${blocks.join(', ')}${isPipeline(path) ? pipelineHint : ''}`;
  };
  const { template, questions, context } = standard;
  const isOneCi = questions.some(({ name, lockedBy }) => name === 'ci' && lockedBy !== undefined);
  const oneCi = isOneCi ? '' : 'a block of a pipeline is for one CI, put it into {{#if github}} or {{#if gitlab}}; ';
  const pipelineHint = `: ${oneCi}the block stands in a list, indent it like the lines around it`;
  const layers = template.layers.filter(({ preset }) => preset === undefined);
  const renderAll = memoRenderer(template);
  const renderPlain = memoRenderer({ ...template, layers, blocks: new Map(), removed: new Set() });
  const [harmless, ...hostile] = textAnswers(questions);
  const isTold = ({ path, source }: HashedFile) =>
    told.has(path) || [source, ...blocksIn(path).map((name) => `blocks/${name}.hbs`)].some((one) => raw.has(one));
  let turn = 0;

  const changedFiles = async (answers: CreateAnswers): Promise<Map<RepoPath, HashedFile>> => {
    const all = await renderAll(answers, context(answers));
    const plain = await renderPlain(answers, context(answers));
    return new Map([...all].filter(([path, { hash }]) => plain.get(path)?.hash !== hash));
  };
  const read = ({ path, hash, content }: HashedFile): Promise<Document | undefined> => {
    const key = `${path} ${hash}`;
    const document = documents.get(key) ?? readDocument(path, Buffer.from(content).toString('utf8'), withComments);
    documents.set(key, document);
    return document;
  };
  const compare = async (set: Readonly<Record<string, unknown>>, texts: TextAnswers): Promise<Problem[]> => {
    if (!harmless || Object.keys(texts.answers).length === 0) return [];
    const names = Object.keys(texts.answers);
    const calm = Object.fromEntries(names.map((name) => [name, harmless.text]));
    const before = await changedFiles(parseCreateAnswers({ ...set, ...calm }, questions));
    const after = await changedFiles(parseCreateAnswers({ ...set, ...texts.answers }, questions));
    const problems: Problem[] = [];
    for (const [path, file] of after) {
      const old = before.get(path);
      const key = `${path} ${old?.hash} ${file.hash}`;
      if (!old || old.hash === file.hash || compared.has(key) || isTold(file)) continue;
      compared.add(key);
      const [one, other] = await Promise.all([read(old), read(file)]);
      if (!one || !other || one.problems.length > 0) continue;
      const found = broken(one, other, texts.text);
      if (!found) continue;
      told.add(path);
      problems.push({
        subject: `${path}:${found.line}`,
        reason: `an answer ${found.reason}: with ${JSON.stringify(texts.text)} (${origin(file)}); use the helper of the format, and in a command {{shell x}} outside of quotes`,
      });
    }
    return problems;
  };

  return {
    problems: async (set) => {
      const problems: Problem[] = [];
      for (const [path, file] of await changedFiles(parseCreateAnswers(set, questions))) {
        const known = changed.get(path) ?? new Map<string, HashedFile>();
        changed.set(path, known);
        if (known.has(file.hash)) continue;
        known.set(file.hash, file);
        for (const { line, reason } of (await read(file))?.problems ?? [])
          problems.push({ subject: `${path}:${line}`, reason: `${reason} (${origin(file)})` });
      }
      // All of them with the first set, and one more with each further set.
      const texts = turn === 0 ? hostile : hostile.slice(turn % hostile.length).slice(0, 1);
      turn += 1;
      for (const one of texts) problems.push(...(await compare(set, one)));
      return problems;
    },
  };
}

/** What an answer does to a document that it should not. */
function broken(before: Document, after: Document, text: string): { line: number; reason: string } | undefined {
  const [problem] = after.problems;
  if (problem) return { line: problem.line, reason: `breaks the file, which then ${problem.reason}` };
  const quoted = HELPERS.shell?.(text) ?? text;
  const script = after.scripts.find((one) => isRawInShell(one.text, quoted, MARK));
  if (script) return { line: script.line, reason: 'becomes a part of a command' };
  if (after.isEvaluated && text.includes('${{') && JSON.stringify(after.value).includes(text))
    return { line: 1, reason: 'becomes an expression of the workflow' };
  if (!isDeepStrictEqual(calmed(after.value, text), calmed(before.value, MARK)))
    return { line: 1, reason: 'changes what else the file says' };
  return undefined;
}

/** A value with one word in all places of an answer, quoted or not. */
function calmed(value: unknown, text: string): unknown {
  // The longest first: one may be a part of another.
  const spellings = ['dockerfile', 'json', 'shell'].map((name) => HELPERS[name]?.(text) ?? text);
  if (typeof value === 'string')
    return [...spellings, text]
      .sort((a, b) => b.length - a.length)
      .reduce((said, one) => said.replaceAll(one, MARK), value);
  if (Array.isArray(value)) return value.map((one) => calmed(one, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [String(calmed(key, text)), calmed(one, text)]));
}
