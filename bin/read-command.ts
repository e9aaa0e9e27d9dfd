import { UserError } from '../engine/core/errors.ts';
import { createVariables } from '../generators/create/questions.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import type { Standard } from '../generators/standard.ts';
import { DEFAULT_STACK } from '../stacks/index.ts';
import { type Command, parseCommand, verbOf } from './arguments.ts';
import { currentFolder } from './current-folder.ts';
import { recoverNpmFlags } from './npm-flags.ts';
import { RUN_OPTIONS } from './options.ts';
import type { Output } from './output.ts';

/** What the command line says, and the generators as the preset that it names changes them. */
export interface ReadCommand extends Command {
  readonly generators: readonly Generator[];
  readonly standard?: Standard;
}

/**
 * argv -> command, with npm's swallowed flags back and the preset's questions asked
 * @throws {UserError} INPUT_INVALID, FLAG_UNKNOWN, or what is wrong with the preset
 */
export async function readCommand(argv: readonly string[], output: Output): Promise<ReadCommand> {
  const recover = (generators: readonly Generator[]) =>
    recoverNpmFlags(
      argv,
      process.env,
      generators.flatMap((generator) => generator.questions),
      RUN_OPTIONS.flatMap((option) => [option.flag, ...('aliases' in option ? option.aliases : [])]),
    );
  const first = recover(GENERATORS);
  const standard = await readStandard(first.argv);
  const generators = standard
    ? GENERATORS.map((one) => (one.name === 'create' ? { ...one, questions: standard.questions } : one))
    : GENERATORS;
  // npm may have taken what only the preset asks.
  const recovered = standard ? recover(generators) : first;
  if (recovered.warning) output.chatter(`warning: ${recovered.warning}`);
  const command = await parseCommand(recovered.argv, generators);
  const { format } = command.flags;
  if (format !== undefined && format !== 'text' && format !== 'json')
    throw new UserError(
      'INPUT_INVALID',
      `--format must be text or json, not ${JSON.stringify(format)}`,
      'Correct the command.',
    );
  if (command.flags.preset !== undefined && !takesPreset(command.verb))
    throw new UserError(
      'INPUT_INVALID',
      '--preset is for a new service',
      'A service knows its preset; upgrade --preset changes it.',
    );
  if (command.flags.preset !== undefined && !standard)
    throw new UserError('INPUT_INVALID', '--preset needs a source', 'E.g. --preset ./preset or npm:@acme/preset@^2.');
  return { ...command, generators, ...(standard ? { standard } : {}) };
}

const takesPreset = (verb: string): boolean => verb === 'create' || verb === 'describe';

/** The preset has to be known before the options are: it asks questions of its own. */
async function readStandard(argv: readonly string[]): Promise<Standard | undefined> {
  const at = argv.findIndex((word) => word === '--preset' || word.startsWith('--preset='));
  if (at === -1 || !takesPreset(verbOf(argv))) return undefined;
  const source = argv[at]?.startsWith('--preset=') ? argv[at].slice('--preset='.length) : argv[at + 1];
  if (!source || source.startsWith('-')) return undefined;
  const [{ loadPresets, makeStandard }, { loadBuiltin }] = await Promise.all([
    import('./commands.ts'),
    import('../engine/io/source/builtin.ts'),
  ]);
  return makeStandard(loadBuiltin(DEFAULT_STACK.id, createVariables), await loadPresets(source, currentFolder()));
}
