import { printable, UserError } from '../../engine/core/errors.ts';
import { formatSourceSpec, parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { splitAnswer } from '../../engine/core/split-answer.ts';
import { fetchTemplates } from '../../engine/io/source/template-version.ts';
import { findStack } from '../../stacks/index.ts';
import type { Wanted } from './sides.ts';
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

const VERSION = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/**
 * Turns the options into the requested changes.
 * @throws {UserError} INPUT_INVALID; NOT_POSSIBLE for a service of a newer version than this program
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
  if (version === undefined) await refuseDowngrade(manifest.template.version, builtin.main.version);
  const source = preset === 'none' ? undefined : (preset ?? manifest.presets?.at(-1)?.source);
  return {
    templates,
    answers: Object.fromEntries(set.map((text) => splitAnswer(text))),
    ...presetOf(source, presetTo, manifest),
  };
}

function presetOf(
  source: string | undefined,
  to: readonly string[],
  { presets = [] }: Manifest,
): Pick<Wanted, 'preset' | 'recordAs'> {
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
  const exact = formatSourceSpec(spec.kind === 'npm' ? { ...spec, range: version } : { ...spec, ref: version });
  return { preset: exact, recordAs: pin.source };
}

async function refuseDowngrade(recorded: string, ours: string): Promise<void> {
  const { default: semver } = await import('semver');
  if (!semver.valid(recorded) || !semver.gt(recorded, ours)) return;
  throw new UserError(
    'NOT_POSSIBLE',
    `the service has version ${recorded}, and this program has version ${ours}`,
    `Run npx create-twelve-service@latest upgrade, or name a version with --to.`,
  );
}

function invalid(flag: string, reason: string): UserError {
  return new UserError('INPUT_INVALID', `${flag} ${reason}`, 'Correct the command; upgrade --help explains it.');
}
