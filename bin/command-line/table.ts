import { UserError } from '../../engine/core/errors.ts';
import { createVariables } from '../../generators/create/questions.ts';
import type { Generator } from '../../generators/generator.ts';
import { GENERATORS } from '../../generators/generators.ts';
import type { Standard } from '../../generators/standard.ts';
import { currentFolder } from '../current-folder.ts';
import type { Command, Options } from './command.ts';
import {
  ADOPT_OPTIONS,
  APPLY_OPTIONS,
  AUDIT_OPTIONS,
  CREATE_OPTIONS,
  DESCRIBE_OPTIONS,
  EXPLAIN_OPTIONS,
  GROW_OPTIONS,
  PRESET_OPTIONS,
  REHEARSE_OPTIONS,
  UNDO_OPTIONS,
  UPGRADE_OPTIONS,
  VERIFY_OPTIONS,
} from './options.ts';

/**
 * The one table of commands: the parser, help texts, `describe`, completions, the documentation and "did you mean" read it.
 * What a command needs is loaded when it is run.
 */

/** More folders than anybody names. */
const ANY_NUMBER = 100_000;
const TEXT_OR_JSON = ['text', 'json'] as const;
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** Checks the flags that `run` reads against the options. */
const define = <All extends Options>(command: Command<All>): Command => command;

/** What a generator says of itself is not said again. */
function generatorCommand<All extends Options>(
  name: string,
  command: Pick<Command<All>, 'group' | 'options' | 'loadStandard'> & {
    run: (generator: Generator, ...args: Parameters<Command<All>['run']>) => Promise<number>;
  },
): Command {
  const generator = GENERATORS.find((one) => one.name === name);
  if (!generator) throw new Error(`there is no generator ${name}`);
  const { description, positional, rest, joins, examples } = generator;
  return define({
    ...command,
    name,
    summary: description,
    usage: [positional, ...(rest ? [`${rest} ...`] : [])].join(' ').toUpperCase(),
    most: rest ? ANY_NUMBER : joins ? 2 : 1,
    formats: TEXT_OR_JSON,
    examples,
    generator,
    run: (invocation, context) => command.run({ ...generator, questions: invocation.questions }, invocation, context),
  });
}

/** The template with a preset on top: it may ask questions of its own. */
async function loadStandard(source: string): Promise<Standard> {
  const [{ loadPresets, makeStandard }, { loadBuiltin }, { DEFAULT_STACK }] = await Promise.all([
    import('../commands.ts'),
    import('../../engine/io/source/builtin.ts'),
    import('../../stacks/index.ts'),
  ]);
  return makeStandard(loadBuiltin(DEFAULT_STACK.id, createVariables), await loadPresets(source, currentFolder()));
}

/** What a command line without a command's word is. */
export const CREATE: Command = generatorCommand('create', {
  group: 'create',
  options: CREATE_OPTIONS,
  loadStandard,
  run: async (generator, invocation, context) =>
    (await import('../run/create.ts')).createService(generator, invocation, context),
});

export const COMMANDS: readonly Command[] = [
  CREATE,
  ...GENERATORS.filter(({ name }) => name !== 'create').map(({ name }) =>
    generatorCommand(name, {
      group: 'grow',
      options: GROW_OPTIONS,
      run: async (generator, invocation, context) =>
        (await import('../run/grow.ts')).growService(generator, invocation, context),
    }),
  ),
  define({
    name: 'apply',
    group: 'grow',
    summary: 'Apply a plan that --plan=FILE saved',
    usage: 'FILE',
    most: 1,
    formats: TEXT_OR_JSON,
    options: APPLY_OPTIONS,
    examples: ['apply orders.plan', 'apply orders.plan --dir ../orders'],
    run: async (invocation, context) => (await import('../run/plans.ts')).applyKeptPlan(invocation, context),
  }),
  define({
    name: 'undo',
    group: 'grow',
    summary: 'Undo the last run on a service',
    usage: '',
    most: 0,
    formats: TEXT_OR_JSON,
    options: UNDO_OPTIONS,
    examples: ['undo', 'undo --plan'],
    run: async (invocation, context) => (await import('../run/plans.ts')).undo(invocation, context),
  }),
  define({
    name: 'upgrade',
    group: 'keep',
    summary: 'Merge a newer template or preset into a service',
    usage: '',
    most: 0,
    formats: ['text', 'json', 'markdown'],
    options: UPGRADE_OPTIONS,
    examples: ['upgrade --plan', 'upgrade --to @acme/service-preset@2.1.0 --branch'],
    run: async (invocation, context) => (await import('../commands.ts')).runUpgrade(invocation, context),
  }),
  define({
    name: 'audit',
    group: 'keep',
    summary: 'Report what was edited, what is behind and what breaks the policy, over any number of services',
    usage: '[DIR ...]',
    most: ANY_NUMBER,
    formats: ['text', 'json', 'sarif', 'markdown', 'html'],
    options: AUDIT_OPTIONS,
    examples: ['audit', 'audit --fleet services.txt --format html'],
    run: async (invocation, context) => (await import('../commands.ts')).runAudit(invocation, context),
  }),
  define({
    name: 'adopt',
    group: 'keep',
    summary: 'Give a service that nobody generated a manifest',
    usage: '',
    most: 0,
    formats: TEXT_OR_JSON,
    options: ADOPT_OPTIONS,
    examples: ['adopt --plan', 'adopt --preset ./preset --set cache=redis'],
    run: async (invocation, context) => (await import('../commands.ts')).runAdopt(invocation, context),
  }),
  define({
    name: 'explain',
    group: 'keep',
    summary: 'Say which layer, preset and version produced each part of a file',
    usage: 'FILE',
    most: 1,
    formats: TEXT_OR_JSON,
    options: EXPLAIN_OPTIONS,
    examples: ['explain Dockerfile', 'explain Dockerfile --format json'],
    run: async (invocation, context) => (await import('../commands.ts')).runExplain(invocation, context),
  }),
  define({
    name: 'rehearse',
    group: 'keep',
    summary: 'Say what an unreleased template or preset would do to every service; write nothing',
    usage: '[DIR ...]',
    most: ANY_NUMBER,
    formats: ['text', 'json', 'markdown'],
    options: REHEARSE_OPTIONS,
    examples: ['rehearse --preset ./next --fleet services.txt', 'rehearse ../orders --set cache=redis'],
    run: async (invocation, context) => (await import('../commands.ts')).runRehearsal(invocation, context),
  }),
  define({
    name: 'preset',
    group: 'keep',
    summary: 'Start a preset of your own (init), or validate one (check)',
    usage: 'init|check [DIR]',
    most: 2,
    words: ['init', 'check'],
    formats: TEXT_OR_JSON,
    options: PRESET_OPTIONS,
    examples: ['preset init service-preset --name @acme/service-preset', 'preset check service-preset'],
    run: async (invocation, context) => (await import('../commands.ts')).runPreset(invocation, context),
  }),
  define({
    name: 'verify',
    group: 'prove',
    summary: 'Hold a service, in any language, against the rules of the contract: build, start, probe, stop',
    usage: '[DIR]',
    most: 1,
    formats: ['text', 'json', 'sarif', 'junit', 'markdown', 'html'],
    options: VERIFY_OPTIONS,
    examples: ['verify', 'verify --image ghcr.io/acme/orders:1.4.0 --format junit'],
    // The verifier is the largest part of the program, and only its own command needs it.
    run: async (invocation, context) => (await import('../run/verify.ts')).runVerify(invocation, context),
  }),
  define({
    name: 'describe',
    group: 'about',
    summary: 'Print every question; with --format json every option and JSON Schemas too',
    usage: '',
    most: 0,
    formats: TEXT_OR_JSON,
    options: DESCRIBE_OPTIONS,
    examples: ['describe', 'describe --format json'],
    run: async ({ flags, format }, { output }) => {
      const standard = flags.preset === undefined ? undefined : await loadStandard(flags.preset);
      const { describeJson, describeText } = await import('../about.ts');
      const commands = COMMANDS.map((command) => withQuestions(command, standard));
      return output.data(format === 'json' ? JSON.stringify(describeJson(commands), null, 2) : describeText(commands));
    },
  }),
  define({
    name: 'completion',
    group: 'about',
    summary: 'Print what makes a shell complete commands, options and their values',
    usage: 'SHELL',
    most: 1,
    words: SHELLS,
    formats: ['text'],
    options: {},
    examples: ['completion bash', 'completion fish'],
    run: async ({ positionals: [shell] }, { output }) => {
      const { completionScript } = await import('../about.ts');
      return output.data(completionScript(shell, COMMANDS));
    },
  }),
  define({
    name: 'help',
    group: 'about',
    summary: 'Print this text, or that of a command',
    usage: '[COMMAND]',
    most: 2,
    formats: ['text'],
    options: {},
    examples: ['help', 'help upgrade'],
    run: async ({ positionals }, { output }) => {
      const { commandHelp, helpText } = await import('../about.ts');
      if (positionals.length === 0) return output.data(helpText(COMMANDS));
      const command = COMMANDS.find(({ name }) => name === positionals.join('-'));
      if (command) return output.data(commandHelp(command));
      throw new UserError(
        'INPUT_INVALID',
        `help for what? ${COMMANDS.map(({ name }) => name).join(', ')}`,
        'E.g. create-twelve-service help upgrade.',
      );
    },
  }),
];

function withQuestions(command: Command, standard: Standard | undefined): Command {
  const { generator, name } = command;
  return standard && generator && name === 'create'
    ? { ...command, generator: { ...generator, questions: standard.questions } }
    : command;
}
