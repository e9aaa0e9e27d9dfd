import type { Mutant } from './mutants.ts';

/** Gates of the command line. */
export const COMMAND_LINE: readonly Mutant[] = [
  {
    gate: 'a pipe that nobody writes to is waited for',
    in: 'readGiven',
    search: 'if (!stat.isFile() && !OF_SHELL.test(path))',
    replace: 'if (!stat.isFile() && OF_SHELL.test(path))',
    red: 'cli/options.test.ts',
    only: 'it is not waited for',
  },
  {
    gate: 'answers of any depth are made into values',
    in: 'isDeep',
    search: 'if (depth > MAX_DEPTH) return true;',
    replace: 'if (depth > Number.MAX_SAFE_INTEGER) return true;',
    red: 'cli/options.test.ts',
    only: 'nested 100,000 deep',
  },
  {
    gate: 'a service is made where no tool can build it',
    in: 'targetOf',
    search: 'if (wrong !== undefined)',
    replace: 'if (wrong === delimiter + sep)',
    red: 'cli/options.test.ts',
    only: 'for nothing can be built there',
  },
  {
    gate: 'command line: a word inside a service makes a service there',
    in: 'refuseMistakenCommand',
    search: 'if (service !== undefined) throw insideService(',
    replace: "if (service === '') throw insideService(",
    red: 'cli/mistaken-command.test.ts',
    only: 'makes none',
  },
  {
    gate: 'command line: a "--" that a client hands on ends the options',
    in: 'withoutSeparator',
    search: 'const isHandedOn = at === 0 ||',
    replace: 'const isHandedOn = at < -1 ||',
    red: 'cli/clients.test.ts',
    only: 'is what the person meant',
  },
  {
    gate: "command line: another client's environment is taken for npm's",
    in: 'isThroughNpm',
    search: "&& [undefined, 'npm'].includes(clientOf(env))",
    replace: "&& clientOf(env) !== 'pnpm'",
    red: 'cli/clients.test.ts',
    only: 'takes nothing where it is not npm',
  },
  {
    gate: 'command line: --link has an answer that no service has',
    in: 'runAudit',
    search: 'if (flags.link !== undefined) refuseUnknownAnswer(',
    replace: "if (flags.link === '') refuseUnknownAnswer(",
    red: 'cli/fleet-reports.test.ts',
    only: 'refuses what is no address',
  },
  {
    gate: 'command line: questions come before it is known that there is no service',
    in: 'runAddition',
    search: "findGrown(resolve(cwd, flags.dir ?? '.'), generator.name);",
    replace: 'void [findGrown, resolve];',
    red: 'cli/prompts.test.ts',
    only: 'nothing is asked about an endpoint',
  },
];
