import type { RunOption } from './options.ts';

/** A command that is no generator: what keeps services on their standard. */
export interface Verb {
  readonly name: string;
  readonly description: string;
  /** How its arguments are written, for the help text: `[DIR ...]`. */
  readonly usage: string;
  /** How many arguments it takes at most. */
  readonly most: number;
  readonly options: readonly VerbOption[];
  /** The values of `--format`, the first being the default. */
  readonly formats: readonly string[];
}

export interface VerbOption extends RunOption {
  /** May be given several times. */
  readonly isList?: boolean;
  /** May stand without a value. */
  readonly isOptional?: boolean;
}

const DIR: VerbOption = { flag: 'dir', type: 'string', value: 'DIR', description: 'the folder of the service' };
const PLAN: VerbOption = {
  flag: 'plan',
  aliases: ['dry-run'],
  type: 'boolean',
  description: 'print what would change, with diffs; write nothing',
};
const PRESET: VerbOption = { flag: 'preset', type: 'string', value: 'SOURCE', description: 'the preset to use' };
const FLEET: VerbOption = {
  flag: 'from',
  aliases: ['fleet'],
  type: 'string',
  value: 'FILE',
  description: 'folders of services, one a line ("-": standard input)',
};

export const VERBS: readonly Verb[] = [
  {
    name: 'upgrade',
    description: 'Merge a newer template or preset into a service',
    usage: '',
    most: 0,
    formats: ['text', 'json', 'markdown'],
    options: [
      {
        flag: 'to',
        type: 'string',
        value: 'VERSION',
        isList: true,
        description: 'of the template, or NAME@VERSION of a preset; without it the newest',
      },
      { flag: 'set', type: 'string', value: 'NAME=VALUE', isList: true, description: 'change an answer' },
      { ...PRESET, description: 'use this preset from now on ("none": no preset)' },
      PLAN,
      { flag: 'continue', type: 'boolean', description: 'finish an upgrade whose conflicts are resolved' },
      { flag: 'abort', type: 'boolean', description: 'put everything back as it was before the upgrade' },
      {
        flag: 'branch',
        type: 'string',
        value: 'NAME',
        isOptional: true,
        description: 'commit the result to a new branch',
      },
      DIR,
    ],
  },
  {
    name: 'audit',
    description: 'Report what was edited, what is behind and what breaks the policy, over any number of services',
    usage: '[DIR ...]',
    most: 100_000,
    formats: ['text', 'json', 'sarif', 'markdown', 'html'],
    options: [FLEET, { ...PRESET, description: 'the preset to compare with; without it the newest of each service' }],
  },
  {
    name: 'verify',
    description: 'Hold a service, in any language, against the rules of the contract: build, start, probe, stop',
    usage: '[DIR]',
    most: 1,
    formats: ['text', 'json', 'sarif', 'junit', 'markdown', 'html'],
    options: [
      { flag: 'image', type: 'string', value: 'IMAGE', description: 'an image, through the Docker CLI' },
      { flag: 'url', type: 'string', value: 'URL', description: 'a running service: what is seen from outside alone' },
      {
        flag: 'cmd',
        type: 'string',
        value: 'COMMAND',
        description:
          "how the service is started (an image: in place of its CMD); {verb} at its end where it takes the contract's verbs",
      },
      { flag: 'live', type: 'string', value: 'PATH', description: 'where it answers that it lives' },
      { flag: 'ready', type: 'string', value: 'PATH', description: 'where it answers that it is ready' },
      { flag: 'port-variable', type: 'string', value: 'NAME', description: 'the variable with its port, if not PORT' },
      { flag: 'env', type: 'string', value: 'NAME=VALUE', isList: true, description: 'a variable that it needs' },
      {
        flag: 'header',
        type: 'string',
        value: '"NAME: VALUE"',
        isList: true,
        description: 'sent with every request, such as credentials',
      },
      { flag: 'rule', type: 'string', value: 'ID', isList: true, description: 'only this rule' },
      { flag: 'start-timeout', type: 'string', value: 'SECONDS', description: 'what a start may take at most (20)' },
      { flag: 'timeout', type: 'string', value: 'SECONDS', description: 'end the run then, with a report (900)' },
      { flag: 'no-build', type: 'boolean', description: 'start the folder as it is: install and build nothing' },
      { ...PRESET, description: 'hold it against the newest policy of this preset, not the one it was made with' },
    ],
  },
  {
    name: 'rehearse',
    description: 'Say what an unreleased template or preset would do to every service; write nothing',
    usage: '[DIR ...]',
    most: 100_000,
    formats: ['text', 'json', 'markdown'],
    options: [
      FLEET,
      { ...PRESET, description: 'the preset to rehearse' },
      { flag: 'template', type: 'string', value: 'DIR', description: 'the template folder to rehearse' },
      { flag: 'set', type: 'string', value: 'NAME=VALUE', isList: true, description: 'change an answer' },
    ],
  },
  {
    name: 'adopt',
    description: 'Give a service that nobody generated a manifest',
    usage: '',
    most: 0,
    formats: ['text', 'json'],
    options: [
      PRESET,
      { flag: 'set', type: 'string', value: 'NAME=VALUE', isList: true, description: 'an answer that is known' },
      PLAN,
      DIR,
    ],
  },
  {
    name: 'explain',
    description: 'Say which layer, preset and version produced each part of a file',
    usage: 'FILE',
    most: 1,
    formats: ['text', 'json'],
    options: [DIR],
  },
  {
    name: 'preset',
    description: 'Start a preset of your own (init), or validate one (check)',
    usage: 'init|check [DIR]',
    most: 2,
    formats: ['text', 'json'],
    options: [{ flag: 'name', type: 'string', value: 'NAME', description: 'its name, e.g. @acme/service-preset' }],
  },
];

/** What every verb takes besides. */
export const COMMON_OPTIONS: readonly VerbOption[] = [
  { flag: 'format', type: 'string', value: 'FORMAT', description: 'how the result is printed' },
  { flag: 'debug', type: 'boolean', description: 'print the stack of an error' },
  { flag: 'help', type: 'boolean', description: 'print this text' },
];
