import { createCommand, isThroughNpm } from '../../engine/core/client.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { kindOf } from '../../engine/io/disk.ts';
import type { Command } from './command.ts';
import { droppedRegistry } from './npm-log.ts';
import type { Spec } from './tokens.ts';

/**
 * `npm create twelve-service orders --database none`, without `--`, gives `--database` to npm. npm then starts us with
 * `npm_config_database` in the environment: the text after `=`, or `true` with the text as one more argument. An option
 * that npm has too, or takes for one of its own, ends elsewhere: `--cache redis` is a folder, `--ci none` becomes
 * `--cidr none`, `--plan` becomes `-p -l -a -n`. `--registry ghcr.io/acme` is no URL; npm warns, and only its log has it.
 */

/** Options of npm itself: their presence in the environment says nothing about us. */
const NPM_OWN = new Set(['cache', 'registry', 'description', 'yes', 'dry-run', 'version', 'help']);

/** What is recovered, and how to say so. */
interface Recovered {
  readonly words: readonly string[];
  readonly warning?: string;
}

/**
 * @param line the command and the words behind it
 * @returns the words as they were meant
 * @throws {UserError} INPUT_INVALID with the right command if that cannot be told
 */
export function recoverNpmFlags(
  { command, isNamed, words }: { command: Command; isNamed: boolean; words: readonly string[] },
  env: NodeJS.ProcessEnv,
  { options, questions }: Spec,
): Recovered {
  if (!isThroughNpm(env)) return { words };
  const ours = [...questions.keys(), ...options.keys()].filter((flag) => !NPM_OWN.has(flag));
  const swallowed = ours.flatMap((flag) => {
    const negated = flag.startsWith('no-');
    const value = env[`npm_config_${flag.replace(/^no-/, '').replaceAll('-', '_')}`];
    if (value === undefined || (negated && value !== '' && value !== 'false')) return [];
    return [{ flag, value, bare: !negated && value === 'true' }];
  });
  const taken = { cache: env.npm_config_cache?.split(/[/\\]/).at(-1), ci: env.npm_config_cidr };
  for (const [flag, value] of Object.entries(taken)) {
    const schema = questions.get(flag)?.schema;
    if (
      value !== undefined &&
      schema?.type === 'string' &&
      schema.enum?.includes(value) &&
      !words.includes(`--${flag}`)
    )
      swallowed.push({ flag, value, bare: false });
  }
  const positionals = words.filter((word) => !word.startsWith('-'));
  if (questions.has('registry') && !words.some((word) => /^--registry(=|$)/.test(word))) {
    const value = droppedRegistry(env, positionals);
    if (value !== undefined) swallowed.push({ flag: 'registry', value, bare: false });
  }
  // Whoever asks npm for a dry run, or for what npm makes of "--plan", wants nothing written.
  const isCluster = [env.npm_config_parseable, env.npm_config_long, env.npm_config_all].every((on) => on === 'true');
  if (options.has('plan') && (isCluster || env.npm_config_dry_run === 'true') && !words.includes('--plan'))
    swallowed.push({ flag: 'plan', value: 'true', bare: true });
  if (swallowed.length === 0) return { words };
  const takesValue = ({ flag }: { flag: string }) => questions.has(flag) || options.get(flag)?.option.type === 'string';
  const lost = swallowed.filter((option) => option.bare && takesValue(option));
  const rest = positionals.slice(command.most);
  if (lost.length > 1 || (lost.length === 1 && rest.length !== 1)) {
    const meant = [
      ...(isNamed ? [command.name] : []),
      ...(isNamed ? positionals.slice(0, command.most) : [positionals[0] ?? 'NAME']).map(printable),
      ...lost.map(({ flag }) => `--${flag} VALUE`),
    ];
    throw new UserError(
      'INPUT_INVALID',
      `npm took ${lost.map(({ flag }) => `--${flag}`).join(', ')} for itself`,
      `Put "--" before the options: ${createCommand(env)} ${meant.join(' ')}`,
    );
  }
  const restored = swallowed.map((option) => {
    const value = lost.includes(option) ? (rest[0] ?? '') : option.value;
    return takesValue(option) ? `--${option.flag}=${value}` : `--${option.flag}`;
  });
  const value = lost.length === 1 ? words.lastIndexOf(rest[0] ?? '') : -1;
  const kept = words.filter((_, index) => index !== value);
  return {
    words: [...kept, ...restored],
    warning: `npm took ${restored.map(printable).join(' ')} for itself; it is used all the same.${cacheFolder(swallowed, env)} Put "--" before options to be sure.`,
  };
}

/** npm keeps its cache in a folder of that name, and writes to it until it ends. */
function cacheFolder(swallowed: readonly { readonly flag: string }[], env: NodeJS.ProcessEnv): string {
  const folder = env.npm_config_cache;
  const isTaken = swallowed.some(({ flag }) => flag === 'cache') && folder !== undefined && kindOf(folder) === 'folder';
  return isTaken ? ` npm made the folder ${printable(folder)} for its own cache: remove it.` : '';
}
