import { FORMS } from '../../contract/form.ts';
import { PROFILES } from '../../contract/profile.ts';
import type { ReportFormat } from '../../report/verify/render.ts';
import type { Option, Options } from './command.ts';

/** The options of each command. Those of all commands are in `COMMON_OPTIONS`. */

const SERVICE_DIR = { type: 'string', value: 'DIR', description: 'The folder of the service' } as const;
const YES = {
  aliases: ['defaults'],
  type: 'boolean',
  description: 'Ask nothing; what is not given has its default',
} as const;
const ANSWERS = {
  type: 'string',
  value: 'FILE',
  description: 'Read answers from a JSON file, or from standard input with "-"',
} as const;
const PLAN = {
  aliases: ['dry-run'],
  type: 'boolean',
  value: 'FILE',
  isOptional: true,
  description: 'Print the change list with diffs, write nothing; --plan=FILE saves it for apply',
} as const;
const PLAN_ONLY = {
  aliases: ['dry-run'],
  type: 'boolean',
  description: 'Print what would change, with diffs; write nothing',
} as const;
const NO_GIT = { type: 'boolean', description: 'Do not make a git repository' } as const;
const NO_INSTALL = { type: 'boolean', description: 'Do not install the dependencies' } as const;
const FLEET = {
  aliases: ['fleet'],
  type: 'string',
  value: 'FILE',
  description:
    'Folders of services, one a line ("-": standard input); for rehearse with answers, NAME=VALUE after a tab',
} as const;
const COLUMNS = {
  type: 'string',
  value: 'NAMES',
  description: 'Answers to show for each service, such as team,tier; the first one groups them',
} as const;
const LINK = {
  type: 'string',
  value: 'URL',
  description: 'Where repositories are, such as https://git.example/{service}; without it their git remote says so',
} as const;
const SET = { type: 'string', value: 'NAME=VALUE', isList: true } as const;
const TRUST = {
  type: 'string',
  value: 'PRESET',
  isList: true,
  description: 'Let this preset bring what tools run unasked: scripts of an install, hooks of git, tasks of an editor',
} as const;
const preset = <Text extends string>(description: Text) =>
  ({ type: 'string', value: 'SOURCE', description }) as const satisfies Option;

export const CREATE_OPTIONS = {
  dir: { type: 'string', value: 'DIR', description: 'Where to put it; by default a folder named after the service' },
  plan: PLAN,
  overwrite: { type: 'boolean', description: 'Replace files that are there already; each is backed up' },
  yes: YES,
  answers: ANSWERS,
  preset: preset('Your organisation: ./dir, npm:@acme/preset@^2, git+https://...#v2, github:acme/preset#v2'),
  trust: TRUST,
  'no-git': NO_GIT,
  'no-install': NO_INSTALL,
} as const satisfies Options;

export const WORKSPACE_OPTIONS = {
  plan: PLAN,
  yes: YES,
  answers: ANSWERS,
  'no-git': NO_GIT,
} as const satisfies Options;

/** Of what grows a service. */
export const GROW_OPTIONS = { dir: SERVICE_DIR, plan: PLAN, yes: YES, answers: ANSWERS } as const satisfies Options;

export const APPLY_OPTIONS = {
  dir: { type: 'string', value: 'DIR', description: 'Where to apply it, if not where the plan was made' },
  plan: PLAN,
  yes: YES,
  'no-git': NO_GIT,
  'no-install': NO_INSTALL,
} as const satisfies Options;

export const UNDO_OPTIONS = { dir: SERVICE_DIR, plan: PLAN, yes: YES } as const satisfies Options;

export const REPAIR_OPTIONS = { dir: SERVICE_DIR, plan: PLAN, yes: YES } as const satisfies Options;

export const UPGRADE_OPTIONS = {
  to: {
    type: 'string',
    value: 'VERSION',
    isList: true,
    description: 'The version of the template, or NAME@VERSION of a preset; without it the newest',
  },
  set: { ...SET, description: 'Change an answer' },
  preset: preset('Use this preset from now on ("none": no preset)'),
  trust: TRUST,
  plan: PLAN_ONLY,
  continue: { type: 'boolean', description: 'Finish an upgrade whose conflicts are resolved' },
  abort: { type: 'boolean', description: 'Put everything back as it was before the upgrade' },
  branch: { type: 'string', value: 'NAME', isOptional: true, description: 'Commit the result to a new branch' },
  'no-install': { type: 'boolean', description: 'Leave the lockfile to you' },
  dir: SERVICE_DIR,
} as const satisfies Options;

/** The formats of most commands. */
export const TEXT_OR_JSON = ['text', 'json'] as const;

export const AUDIT_FORMATS = ['text', 'json', 'csv', 'sarif', 'markdown', 'html'] as const;

export const AUDIT_OPTIONS = {
  from: FLEET,
  preset: preset('The preset to compare with; without it the newest of each service'),
  effort: { type: 'boolean', description: 'Rehearse every upgrade, and say which would end with conflicts' },
  since: { type: 'string', value: 'FILE', description: 'An earlier report in JSON, to say what changed since' },
  columns: COLUMNS,
  link: LINK,
} as const satisfies Options;

/** As many as `report/verify/render.ts` has: the compiler finds one that is missing. */
export const VERIFY_FORMATS: readonly string[] = Object.keys({
  text: true,
  json: true,
  sarif: true,
  junit: true,
  markdown: true,
  html: true,
  github: true,
  badge: true,
} satisfies Record<ReportFormat, true>);

export const VERIFY_OPTIONS = {
  image: { type: 'string', value: 'IMAGE', description: 'An image, through the Docker CLI' },
  url: { type: 'string', value: 'URL', description: 'A running service: only what is visible from outside' },
  cmd: {
    type: 'string',
    value: 'COMMAND',
    description:
      'How the service is started (of an image: instead of its CMD); end it with {verb} if the service has the verbs web and migrate',
  },
  profile: {
    type: 'string',
    value: 'NAME',
    description: `What it is held against: ${PROFILES.join(', ')}; by default house if it was generated, else twelve-factor`,
  },
  form: {
    type: 'string',
    value: 'NAME',
    description: `What it is: ${FORMS.join(', ')}; by default web. A worker serves no HTTP, a stateless one stores nothing`,
  },
  mapping: {
    type: 'string',
    value: 'FILE',
    description: 'What the service calls its variables, log fields and routes; without it verify.yaml in its folder',
  },
  live: { type: 'string', value: 'PATH', description: 'Path of its liveness check; without it usual ones are tried' },
  ready: { type: 'string', value: 'PATH', description: 'The same for its readiness check' },
  'port-variable': { type: 'string', value: 'NAME', description: 'The variable with its port, if not PORT' },
  env: { type: 'string', value: 'NAME=VALUE', isList: true, description: 'A variable that it needs' },
  header: {
    type: 'string',
    value: '"NAME: VALUE"',
    isList: true,
    description: 'Sent with every request, such as credentials',
  },
  rule: {
    type: 'string',
    value: 'ID',
    isList: true,
    description: 'Only this rule, or the rules of this factor (IX, HTTP)',
  },
  'only-failed': {
    type: 'string',
    value: 'FILE',
    description: 'Only the rules that are broken in this JSON report ("-": standard input); all of them if none is',
  },
  baseline: {
    type: 'string',
    value: 'FILE',
    description: 'A JSON report of the same profile: what is broken in it too does not fail ("-": standard input)',
  },
  report: {
    type: 'string',
    value: 'FORMAT=FILE',
    isList: true,
    description: 'Write the report in this format to a file too',
  },
  'start-timeout': { type: 'string', value: 'SECONDS', description: 'Longest time for a start (20)' },
  timeout: { type: 'string', value: 'SECONDS', description: 'Stop after this time, with a report (900)' },
  fast: {
    type: 'boolean',
    description: 'Only what is seen within seconds, before each change; the report says what is left out',
  },
  tests: { type: 'boolean', description: "Run the folder's own tests too, to see whether they change it (I-1)" },
  'no-build': { type: 'boolean', description: 'Start the folder as it is: install and build nothing' },
  preset: preset('Hold it against the newest policy of this preset, not the one it was made with'),
} as const satisfies Options;

export const REHEARSE_OPTIONS = {
  from: FLEET,
  preset: preset('The preset to rehearse'),
  template: { type: 'string', value: 'DIR', description: 'The template folder to rehearse' },
  set: { ...SET, description: 'Change an answer' },
  trust: TRUST,
  columns: COLUMNS,
  link: LINK,
} as const satisfies Options;

export const ADOPT_OPTIONS = {
  preset: preset('The preset to use'),
  set: { ...SET, description: 'Give an answer' },
  part: {
    type: 'string',
    value: 'NAME',
    isList: true,
    description: 'Bring only this: pipeline, dockerfile, compose, codeowners, updates, health, or a path or glob',
  },
  trust: TRUST,
  plan: PLAN_ONLY,
  dir: SERVICE_DIR,
} as const satisfies Options;

export const EXPLAIN_OPTIONS = { dir: SERVICE_DIR } as const satisfies Options;

export const PRESET_OPTIONS = {
  name: { type: 'string', value: 'NAME', description: 'Its name, e.g. @acme/service-preset' },
  trust: TRUST,
} as const satisfies Options;

export const DESCRIBE_OPTIONS = {
  preset: preset('Describe the questions as this preset changes them'),
} as const satisfies Options;

/** Shells that `completion` knows. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
