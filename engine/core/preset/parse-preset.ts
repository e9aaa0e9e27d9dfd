import type { Document, LineCounter } from 'yaml';
import { type Problem, printable, UserError } from '../errors.ts';
import type { RepoPath } from '../repo-path.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import type { Tree } from '../tree.ts';
import { INSTALL_SCRIPTS } from './install-scripts.ts';
import { NO_POLICY, type Preset } from './preset.ts';
import { pathProblems, questionProblems } from './preset-problems.ts';
import { loadValidator } from './preset-validator.ts';

const PRESET_FILE = 'preset.yaml' as RepoPath;

/** Keys under which other tools run code of a template. */
const CODE_KEYS =
  /^(hooks?|scripts?|tasks|actions|run|exec|commands?|helpers?|jinja_extensions|pre_?gen.*|post_?gen.*)$/i;

/** Only the first errors of a broken file are reported. */
const MAX_ERRORS = 20;

/**
 * Reads a preset from the files of its folder.
 * @param within text before the file's name in messages if there are several presets, e.g. `npm:@acme/base `
 * @throws {UserError} TEMPLATE_BROKEN listing every problem with file and line; TEMPLATE_UNSAFE if the preset has code
 */
export async function parsePreset(tree: Tree, within = ''): Promise<Preset> {
  refuseHooks(tree);
  const file = tree.get(PRESET_FILE);
  if (!file)
    throw presetError([{ subject: `${within}${PRESET_FILE}`, reason: 'is missing: every preset has this file' }]);
  const { LineCounter: Counter, parseDocument } = await import('yaml');
  const lines = new Counter();
  const document = parseDocument(Buffer.from(file.content).toString('utf8'), { lineCounter: lines });
  const at = (path: readonly (string | number)[]) => `${within}${PRESET_FILE}:${lineOf(document, lines, path)}`;
  if (document.errors.length > 0)
    throw presetError(
      document.errors.slice(0, MAX_ERRORS).map(({ message, linePos }) => ({
        subject: `${within}${PRESET_FILE}:${linePos?.[0].line ?? 1}`,
        reason: message.split(/ at line \d+|\n/)[0] ?? '',
      })),
    );
  const value = readValue(document);
  const code = Object.keys(Object(value)).find((key) => CODE_KEYS.test(key));
  if (code !== undefined)
    throw new UserError(
      'TEMPLATE_UNSAFE',
      `${at([code])}: "${printable(code)}": presets are data and cannot run code`,
      'Use a preset without it.',
    );
  const problems = [...(await schemaProblems(value, at)), ...questionProblems(value, at), ...pathProblems(value, at)];
  if (problems.length > 0) throw presetError(problems);
  return normalise(value as Partial<Preset>, at);
}

/** One error for all problems of a preset. Its message lists them. */
export function presetError(problems: readonly Problem[]): UserError {
  const text = problems.map(({ subject, reason }) => `${subject}: ${printable(reason)}`).join('; ');
  return new UserError(
    'TEMPLATE_BROKEN',
    text,
    'Correct the preset; npx create-twelve-service preset check shows the same problems.',
    {
      problems,
    },
  );
}

function refuseHooks(tree: Tree): void {
  const file = tree.get('package.json' as RepoPath);
  if (!file) return;
  let scripts: Record<string, unknown>;
  try {
    const text = withoutMark(Buffer.from(file.content).toString('utf8'));
    scripts = Object((JSON.parse(text) as { scripts?: object })?.scripts);
  } catch (error) {
    throw presetError([{ subject: 'package.json:1', reason: `is not JSON: ${(error as Error).message}` }]);
  }
  const hook = INSTALL_SCRIPTS.find((name) => Object.hasOwn(scripts, name));
  if (hook === undefined) return;
  throw new UserError(
    'TEMPLATE_UNSAFE',
    `package.json has the script "${hook}": presets are data and cannot run code`,
    'Use a preset without it.',
  );
}

function readValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw presetError([{ subject: `${PRESET_FILE}:1`, reason: (error as Error).message }]);
  }
}

/** The line of a value. If the value is missing, the line of the nearest value around it. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

type Locate = Preset['at'];

async function schemaProblems(value: unknown, at: Locate): Promise<Problem[]> {
  const validate = await loadValidator();
  if (validate(value)) return [];
  const seen = new Set<string>();
  return (validate.errors ?? []).flatMap(({ instancePath, keyword, message = '', params, propertyName }): Problem[] => {
    const path = instancePath
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const extra = (params as { additionalProperty?: string }).additionalProperty;
    const where = extra === undefined ? path : [...path, extra];
    const subject = at(where.map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
    // These errors only follow from another one.
    if (keyword === 'propertyNames' || keyword === 'oneOf') return [];
    if (propertyName !== undefined)
      return [{ subject: at(path), reason: `${path.join('.')}: "${propertyName}" ${message}` }];
    const values = (params as { allowedValues?: unknown[]; allowedValue?: unknown }).allowedValues;
    const reason = `${where.join('.') || 'the preset'} ${extra === undefined ? message : 'is not known'}${values ? `: ${values.join(', ')}` : ''}`;
    if (seen.has(subject + reason)) return [];
    seen.add(subject + reason);
    return [{ subject, reason }];
  });
}

function normalise(preset: Partial<Preset>, at: Preset['at']): Preset {
  const { name = '', version = '', description, extends: bases = [] } = preset;
  return {
    name,
    version,
    ...(description === undefined ? {} : { description }),
    extends: typeof bases === 'string' ? [bases] : bases,
    defaults: scalars(preset.defaults),
    locked: scalars(preset.locked),
    required: preset.required ?? [],
    denied: Object.fromEntries(Object.entries(preset.denied ?? {}).map(([key, values]) => [key, values.map(asScalar)])),
    questions: preset.questions ?? [],
    layers: (preset.layers ?? []).map(({ path, when }) => ({ path, when: scalars(when) })),
    ownership: preset.ownership ?? [],
    groups: preset.groups ?? [],
    remove: preset.remove ?? [],
    migrations: preset.migrations ?? [],
    policy: { ...NO_POLICY, ...preset.policy },
    at,
  };
}

/** Turns a YAML value into an answer: `true` becomes "true". */
const asScalar = (value: unknown): string | number => (typeof value === 'number' ? value : String(value));

function scalars(map: Readonly<Record<string, unknown>> = {}): Record<string, string | number> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, asScalar(value)]));
}
