/** An option that is about the run, not about the service: it is in no manifest. */
export interface RunOption {
  readonly flag: string;
  readonly aliases?: readonly string[];
  readonly type: 'boolean' | 'string';
  /** Name of the value in the help text. */
  readonly value?: string;
  readonly description: string;
}

export const RUN_OPTIONS = [
  {
    flag: 'dir',
    type: 'string',
    value: 'DIR',
    description: 'where to put it; by default a folder named after the service',
  },
  {
    flag: 'plan',
    aliases: ['dry-run'],
    type: 'boolean',
    description: 'print the change list with diffs, write nothing; --plan=FILE keeps it for apply',
  },
  { flag: 'overwrite', type: 'boolean', description: 'replace files that are there already; each is backed up' },
  {
    flag: 'yes',
    aliases: ['defaults'],
    type: 'boolean',
    description: 'ask nothing; what is not given has its default',
  },
  {
    flag: 'answers',
    type: 'string',
    value: 'FILE',
    description: 'read answers from a JSON file, or from standard input with "-"',
  },
  {
    flag: 'preset',
    type: 'string',
    value: 'SOURCE',
    description: 'your organisation: ./dir, npm:@acme/preset@^2, git+https://...#v2, github:acme/preset#v2',
  },
  { flag: 'no-git', type: 'boolean', description: 'do not make a git repository' },
  { flag: 'no-install', type: 'boolean', description: 'do not install dependencies' },
  { flag: 'format', type: 'string', value: 'text|json', description: 'json prints one object on stdout' },
  { flag: 'debug', type: 'boolean', description: 'print the stack of an error' },
  { flag: 'help', type: 'boolean', description: 'print this text' },
  { flag: 'version', type: 'boolean', description: 'print the version' },
] as const satisfies readonly RunOption[];

export type RunFlag = (typeof RUN_OPTIONS)[number]['flag'];
