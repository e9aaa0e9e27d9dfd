import { createHash } from 'node:crypto';
import type { AnswerValue } from '../question.ts';
import { parseRepoPath, type RepoPath } from '../repo-path.ts';

/**
 * One file an addition: two branches that add different things write different files, so git merges them. The same
 * addition gives the same bytes in both.
 */
export const ADDITIONS_FOLDER = parseRepoPath('.twelve/additions');

/** What is recorded of an addition. Its own files belong to the team, so nothing is recorded of them. */
export interface AdditionRecord {
  /** e.g. `add-endpoint` */
  readonly generator: string;
  /** Unique among additions of its generator, e.g. `POST /orders/:orderId/items`. */
  readonly name: string;
  /** All answers that the rendered files depend on. */
  readonly answers: Readonly<Record<string, AnswerValue>>;
  /** The files that all additions of its kind share, with their hashes: path -> `sha256-<base64>`. */
  readonly shared?: Readonly<Record<string, string>>;
}

type AdditionName = Pick<AdditionRecord, 'generator' | 'name'>;

/** `add-endpoint POST /orders` */
export function additionKey({ generator, name }: AdditionName): string {
  return `${generator} ${name}`;
}

/** Names that are file names already, on every disk. */
const PLAIN_NAME = /^[a-z0-9]+([-_][a-z0-9]+)*$/;
const MAX_SLUG = 60;

/**
 * The file of an addition: `.twelve/additions/client-payments.json`. Where the name is no file name, as a route, a part
 * of its hash keeps two names apart: `endpoint-post-orders-orderid-items.1f2e3d4c.json`. A plain name has no dot.
 */
export function recordPath({ generator, name }: AdditionName): RepoPath {
  const kind = generator.replace(/^add-/, '');
  if (PLAIN_NAME.test(name) && name.length <= MAX_SLUG)
    return parseRepoPath(`${ADDITIONS_FOLDER}/${kind}-${name}.json`);
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const slug = words.slice(0, MAX_SLUG).replace(/^-|-$/g, '') || 'root';
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return parseRepoPath(`${ADDITIONS_FOLDER}/${kind}-${slug}.${hash}.json`);
}

/** Whether a path is where a service keeps its additions. */
export function isRecordPath(path: string): boolean {
  return path === '.twelve' || path.startsWith('.twelve/');
}

/** Formatted as the formatter of a service would, because older services do not leave this folder out. */
export function serializeRecord({ generator, name, answers, shared }: AdditionRecord): string {
  const parts = [
    '  "schema": 1',
    `  "generator": ${JSON.stringify(generator)}`,
    `  "name": ${JSON.stringify(name)}`,
    `  "answers": ${mapText(answers)}`,
  ];
  if (shared && Object.keys(shared).length > 0) {
    const sorted = Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1));
    parts.push(`  "shared": ${mapText(Object.fromEntries(sorted))}`);
  }
  return `{\n${parts.join(',\n')}\n}\n`;
}

const LINE_WIDTH = 100;

function mapText(map: Readonly<Record<string, AnswerValue>>): string {
  const entries = Object.entries(map).map(([key, value]) => {
    const head = `    ${JSON.stringify(key)}: `;
    if (typeof value !== 'object') return `${head}${JSON.stringify(value)}`;
    const items = value.map((item) => JSON.stringify(item));
    const line = `${head}[${items.join(', ')}]`;
    return line.length < LINE_WIDTH ? line : `${head}[\n${items.map((item) => `      ${item}`).join(',\n')}\n    ]`;
  });
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
}
