import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMON_OPTIONS } from '../../bin/command-line/command.ts';
import { CREATE_OPTIONS } from '../../bin/command-line/options.ts';
import { UserError } from '../../engine/core/errors.ts';
import { CORE_MODULES } from '../../engine/core/names.ts';
import { isWindowsDevice } from '../../engine/core/repo-path.ts';
import { parseCreateAnswers } from '../../generators/create/questions.ts';
import { ROOT, run } from '../support/program.ts';

const ajv = new Ajv2020.default({ strict: true, allErrors: true });

/** Whether the program accepts these answers. */
function accepts(answers: Readonly<Record<string, unknown>>): boolean {
  try {
    parseCreateAnswers(answers);
    return true;
  } catch (error) {
    if (error instanceof UserError && error.exit === 2) return false;
    throw error;
  }
}

describe('describe --format json', () => {
  let described: {
    schema: number;
    generators: { name: string; positional: string; questions: Record<string, unknown>[]; answers: object }[];
    options: { flag: string }[];
  };
  beforeAll(async () => {
    const { code, stdout, stderr } = await run(['describe', '--format', 'json'], { cwd: ROOT });
    expect([code, stderr]).toEqual([0, '']);
    described = JSON.parse(stdout);
  });

  it('has every generator, question and option', () => {
    expect(described).toMatchObject({ schema: 1, program: 'create-twelve-service' });
    const flags = Object.keys({ ...CREATE_OPTIONS, ...COMMON_OPTIONS }).map((flag) => `--${flag}`);
    expect(described.options.map(({ flag }) => flag)).toEqual(flags);
    const [create] = described.generators;
    expect(create).toMatchObject({ name: 'create', positional: 'name' });
    expect(create?.questions.filter(({ asked }) => asked).length).toBeLessThanOrEqual(5);
    expect(create?.questions.filter(({ required }) => required).map(({ name }) => name)).toEqual(['name']);
  });

  it('its JSON Schemas are valid, and each default is valid for its schema', () => {
    for (const { answers, questions } of described.generators) {
      expect(ajv.validateSchema(answers), ajv.errorsText()).toBe(true);
      for (const { schema } of questions as { schema: { default?: unknown } }[]) {
        const validate = ajv.compile(schema);
        if ('default' in schema) expect(validate(schema.default), JSON.stringify(schema)).toBe(true);
      }
    }
  });

  const value = fc.oneof(
    fc.constantFrom(
      'orders',
      '@acme/orders',
      'postgres',
      'redis',
      'none',
      'github',
      'typescript',
      'ghcr.io/acme',
      'MIT',
      '',
    ),
    fc.constantFrom('Orders', 'a'.repeat(64), '-a', 'a-', '@A/b', 'a/b', 'x'.repeat(301), 'é', ';', null, true, [], {}),
    fc.stringMatching(/^[a-z-][a-z0-9-]{0,3}$/).filter((name) => !CORE_MODULES.has(name) && !isWindowsDevice(name)),
    fc.integer({ min: -1, max: 70_000 }),
    fc.double(),
  );
  const keys = [
    'name',
    'name',
    'description',
    'database',
    'cache',
    'ci',
    'deploy',
    'stack',
    'registry',
    'author',
    'license',
    'port',
    'other',
    '__proto__',
  ];
  const document = fc
    .array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 4 })
    .chain((entries) =>
      fc.boolean().map((named) => Object.fromEntries(named ? [['name', 'orders'], ...entries] : entries)),
    );

  it('the schema of an answers file accepts the same files as the program', () => {
    const validate = ajv.compile(described.generators[0]?.answers ?? {});
    let both = 0;
    fc.assert(
      fc.property(document, (answers) => {
        expect(validate(answers), ajv.errorsText(validate.errors)).toBe(accepts(answers));
        both += accepts(answers) ? 1 : 0;
      }),
      { numRuns: 2000 },
    );
    expect(both).toBeGreaterThan(50);
    // A schema cannot express these: names with a meaning to Node, npm or Windows, and invisible characters.
    for (const answers of [{ name: 'fs' }, { name: 'con' }, { name: 'orders', description: 'a\u202eb' }])
      expect([validate(answers), accepts(answers)]).toEqual([true, false]);
    // Only the command line accepts a number as text.
    expect([validate({ name: 'orders', port: '80' }), accepts({ name: 'orders', port: '80' })]).toEqual([false, true]);
  });
});

describe('describe', () => {
  it('prints the same for people', async () => {
    const { code, stdout } = await run(['describe'], { cwd: ROOT });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^create: Create a twelve-factor service\n/);
    expect(stdout).toMatch(/--port +Default HTTP port \[1-65535\]/);
    expect(stdout).toMatch(/--database +Database \[postgres \| none\]/);
  });

  it('takes no flag of a generator', async () => {
    expect(await run(['describe', '--database', 'none'], { cwd: ROOT })).toMatchObject({ code: 2, stdout: '' });
  });
});
