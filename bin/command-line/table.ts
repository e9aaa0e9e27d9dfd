import { packageVersion } from '../../engine/io/version.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { ANY_NUMBER, type Command, type Options } from './command.ts';
import { generatorCommand, loadStandard } from './generator-command.ts';
import {
  ADOPT_OPTIONS,
  APPLY_OPTIONS,
  AUDIT_FORMATS,
  AUDIT_OPTIONS,
  CREATE_OPTIONS,
  DESCRIBE_OPTIONS,
  EXPLAIN_OPTIONS,
  GROW_OPTIONS,
  PRESET_OPTIONS,
  REHEARSE_OPTIONS,
  REPAIR_OPTIONS,
  SHELLS,
  TEXT_OR_JSON,
  UNDO_OPTIONS,
  UPGRADE_OPTIONS,
  VERIFY_FORMATS,
  VERIFY_OPTIONS,
  WORKSPACE_OPTIONS,
} from './options.ts';

/**
 * The one table of commands: the parser, help texts, `describe`, completions, the documentation and "did you mean" read it.
 * What a command needs is loaded when it is run.
 */

/** Checks the flags that `run` reads against the options. */
const define = <All extends Options>(command: Command<All>): Command => command;

/** What a command line without a command's word is. */
export const CREATE: Command = generatorCommand('create', {
  group: 'create',
  options: CREATE_OPTIONS,
  loadStandard,
  run: async (generator, invocation, context) =>
    (await import('../run/create.ts')).createService(generator, invocation, context),
});

/** Its argument is the folder, after which it is named. */
const WORKSPACE: Command = {
  ...generatorCommand('workspace', {
    group: 'create',
    options: WORKSPACE_OPTIONS,
    run: async (generator, invocation, context) =>
      (await import('../run/workspace.ts')).createWorkspace(generator, invocation, context),
  }),
  usage: '[DIR]',
};

export const COMMANDS: readonly Command[] = [
  CREATE,
  WORKSPACE,
  ...GENERATORS.filter(({ name }) => name.startsWith('add-')).map(({ name }) =>
    generatorCommand(name, {
      group: 'grow',
      options: GROW_OPTIONS,
      run: async (generator, invocation, context) =>
        (await import('../run/grow.ts')).runAddition(generator, invocation, context),
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
    run: async (invocation, context) => (await import('../keep.ts')).runUpgrade(invocation, context),
  }),
  define({
    name: 'audit',
    group: 'keep',
    summary: 'Report what was edited, what is behind and what breaks the policy, over any number of services',
    usage: '[DIR ...]',
    most: ANY_NUMBER,
    formats: AUDIT_FORMATS,
    options: AUDIT_OPTIONS,
    examples: ['audit', 'audit --fleet fleet.txt --effort --format html'],
    run: async (invocation, context) => (await import('../keep.ts')).runAudit(invocation, context),
  }),
  define({
    name: 'adopt',
    group: 'keep',
    summary: 'Give a service that nobody generated a manifest',
    usage: '',
    most: 0,
    formats: TEXT_OR_JSON,
    options: ADOPT_OPTIONS,
    examples: ['adopt --preset ./preset --set cache=redis', 'adopt --part pipeline --part dockerfile --plan'],
    run: async (invocation, context) => (await import('../keep.ts')).runAdopt(invocation, context),
  }),
  define({
    name: 'repair',
    group: 'keep',
    summary: 'Derive a broken or conflicted manifest, and say what cannot be derived',
    usage: '',
    most: 0,
    formats: TEXT_OR_JSON,
    options: REPAIR_OPTIONS,
    examples: ['repair --plan', 'repair --dir ../orders'],
    run: async (invocation, context) => (await import('../keep.ts')).runRepair(invocation, context),
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
    run: async (invocation, context) => (await import('../keep.ts')).runExplain(invocation, context),
  }),
  define({
    name: 'rehearse',
    group: 'keep',
    summary: 'Say what an unreleased template or preset would do to every service; write nothing',
    usage: '[DIR ...]',
    most: ANY_NUMBER,
    formats: ['text', 'json', 'markdown', 'html'],
    options: REHEARSE_OPTIONS,
    examples: ['rehearse --preset ./next --fleet services.txt', 'rehearse ../orders --set cache=redis'],
    run: async (invocation, context) => (await import('../keep.ts')).runRehearsal(invocation, context),
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
    run: async (invocation, context) => (await import('../keep.ts')).runPreset(invocation, context),
  }),
  define({
    name: 'verify',
    group: 'prove',
    summary: 'Hold a service, in any language, against the rules of the contract: build, start, probe, stop',
    usage: '[DIR] | explain RULE',
    most: 2,
    formats: VERIFY_FORMATS,
    options: VERIFY_OPTIONS,
    examples: ['verify --report sarif=verify.sarif', 'verify explain IX-2'],
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
    run: async (invocation, context) => (await import('../about.ts')).runDescribe(invocation, context, COMMANDS),
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
    run: async (invocation, context) => (await import('../about.ts')).runCompletion(invocation, context, COMMANDS),
  }),
  define({
    name: 'version',
    group: 'about',
    summary: 'Print the version of this program',
    usage: '',
    most: 0,
    formats: ['text'],
    options: {},
    examples: ['version', 'version --help'],
    run: async (_invocation, { output }) => output.data(packageVersion()),
  }),
  define({
    name: 'help',
    group: 'about',
    summary: 'Print what there is, or the help of a command',
    usage: '[COMMAND]',
    most: 2,
    formats: ['text'],
    options: {},
    examples: ['help', 'help upgrade'],
    run: async (invocation, context) => (await import('../about.ts')).runHelp(invocation, context, COMMANDS),
  }),
];
