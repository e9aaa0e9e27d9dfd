import { printable, UserError } from '../../engine/core/errors.ts';
import { tagNames } from '../../engine/core/preset/source-range.ts';
import { formatSourceSpec, parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { splitAnswer } from '../../engine/core/text/split-answer.ts';
import { fetchTemplates, type TemplateSet } from '../../engine/io/source/template-version.ts';
import { findStack } from '../../stacks/index.ts';
import { builtinTemplates } from './templates.ts';

/** The options of the command line. */
export interface UpgradeRequest {
  /** `VERSION` of the template, or `NAME@VERSION` of a preset. */
  readonly to?: readonly string[];
  /** `NAME=VALUE` */
  readonly set?: readonly string[];
  /** A source, or `none`. */
  readonly preset?: string;
}

/** The changes that the user asks for. */
export interface Wanted {
  readonly templates: TemplateSet;
  /** The source to fetch. Not set for no preset. */
  readonly preset?: string;
  /** Sources to try in its place if it is not there: a tag may be named `2.0.0` or `v2.0.0`. */
  readonly instead?: readonly string[];
  /** The recorded source, if the user named another version of it. It stays as it is if it allows that version. */
  readonly keep?: string;
  /** What the user named: only that may be lower than what the service has. */
  readonly names: { readonly template: boolean; readonly preset: boolean };
  /** `--set` */
  readonly answers: Readonly<Record<string, string>>;
}

const VERSION = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/**
 * Turns the options into the requested changes.
 * @throws {UserError} INPUT_INVALID, SOURCE_*
 */
export async function readRequest(request: UpgradeRequest, manifest: Manifest, root: string): Promise<Wanted> {
  const { to = [], set = [], preset } = request;
  const versions = to.filter((text) => VERSION.test(text));
  if (versions.length > 1) throw invalid('--to', 'names two versions of the template');
  const presetTo = to.filter((text) => !VERSION.test(text));
  const stack = findStack(manifest.answers);
  const version = versions[0] && VERSION.exec(versions[0])?.[1];
  const builtin = builtinTemplates(stack);
  const templates =
    version === undefined || version === builtin.main.version ? builtin : await fetchTemplates(version, stack.id, root);
  const source = preset === 'none' ? undefined : (preset ?? manifest.presets?.at(-1)?.source);
  return {
    templates,
    names: { template: version !== undefined, preset: preset !== undefined || presetTo.length > 0 },
    answers: Object.fromEntries(set.map((text) => splitAnswer(text))),
    ...presetOf(source, presetTo, manifest),
  };
}

function presetOf(
  source: string | undefined,
  to: readonly string[],
  { presets = [] }: Manifest,
): Pick<Wanted, 'preset' | 'instead' | 'keep'> {
  const [wanted, ...more] = to;
  if (wanted === undefined) return source === undefined ? {} : { preset: source };
  const at = wanted.lastIndexOf('@');
  const [name, version] = [wanted.slice(0, at), wanted.slice(at + 1)];
  const pin = presets.at(-1);
  if (at <= 0 || version === '')
    throw invalid('--to', `must be a version or PRESET@VERSION, not "${printable(wanted)}"`);
  if (more.length > 0 || pin?.name !== name)
    throw invalid('--to', `names "${printable(name)}", but the preset of this service is ${pin?.name ?? 'none'}`);
  const spec = parseSourceSpec(pin.source);
  if (spec.kind === 'folder') throw invalid('--to', `cannot choose a version of the folder ${pin.source}`);
  if (spec.kind === 'npm') return { preset: formatSourceSpec({ ...spec, range: version }), keep: pin.source };
  const [preset, ...instead] = [version, ...tagNames(version, spec.ref)].map((ref) =>
    formatSourceSpec({ ...spec, ref }),
  );
  return { ...(preset === undefined ? {} : { preset }), instead, keep: pin.source };
}

function invalid(flag: string, reason: string): UserError {
  return new UserError('INPUT_INVALID', `${flag} ${reason}`, 'Correct the command; upgrade --help explains it.');
}
