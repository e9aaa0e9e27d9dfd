import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { parsePreset } from '../../engine/core/preset/parse-preset.ts';
import { joinPolicies, type Preset } from '../../engine/core/preset/preset.ts';
import { adjustQuestions } from '../../engine/core/preset/preset-questions.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import type { Tree } from '../../engine/core/tree.ts';
import { CREATE_QUESTIONS } from '../../generators/create/questions.ts';

/** The content of a preset, and what it changes in the questions. */

function tree(yaml: string, more: Readonly<Record<string, string>> = {}): Tree {
  const files = { 'preset.yaml': `schema: 1\nname: acme\nversion: 1.0.0\n${yaml}\n`, ...more };
  return new Map(
    Object.entries(files).map(([path, text]) => [path as never, { content: Buffer.from(text), mode: 0o644 }]),
  );
}

const parse = (yaml: string, name = 'acme'): Promise<Preset> =>
  parsePreset(tree(yaml)).then((preset) => ({ ...preset, name }));

async function refusal(run: () => unknown): Promise<UserError> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('it was taken');
}

const refusedQuestions = (...presets: Preset[]) => refusal(() => adjustQuestions(CREATE_QUESTIONS, presets));

function answer(presets: readonly Preset[], raw: Readonly<Record<string, unknown>>) {
  return parseAnswers(adjustQuestions(CREATE_QUESTIONS, presets), { name: 'orders', ...raw }, 'x');
}

describe('a preset', () => {
  it.each<[yaml: string, line: number, reason: RegExp]>([
    ['foo: 1', 4, /foo is not known/],
    ['defaults: []', 4, /defaults must be object/],
    ['defaults:\n  "9": x', 5, /"9" must match/],
    ['defaults:\n  __proto__: x', 5, /"__proto__" must match/],
    ['questions:\n  - name: a\n    message: b', 5, /must have required property 'type'/],
    ['questions:\n  - name: a\n    message: b\n    type: text', 7, /string, integer, boolean, choice/],
    ['questions:\n  - name: a\n    message: b\n    type: choice', 5, /a is a choice and needs choices/],
    ['questions:\n  - name: a\n    message: b\n    type: string\n    choices: [x]', 5, /but its type is not choice/],
    ['questions:\n  - name: a\n    message: b\n    type: integer\n    default: x', 8, /is not of type integer/],
    ['questions:\n  - name: a\n    message: b\n    type: boolean\n    default: "true"', 8, /is not of type boolean/],
    ['questions:\n  - name: a\n    message: b\n    type: string\n    default: 1', 8, /is not of type string/],
    [
      'questions:\n  - name: a\n    message: b\n    type: choice\n    choices: [x]\n    default: y',
      9,
      /default of a is not of type choice/,
    ],
    ['questions:\n  - name: a\n    message: "\\u001b[2J"\n    type: string', 6, /message must match/],
    ['layers:\n  - path: ../x', 5, /segment "\.\."/],
    ['layers:\n  - path: /x', 5, /empty segment/],
    ['layers:\n  - path: a/.git/x', 5, /\.git folder/],
    ['layers:\n  - path: C:/x', 5, /Windows/],
    ['remove:\n  - a\n  - ../x', 6, /segment "\.\."/],
    ['migrations:\n  - version: 1.0.0\n    move: {a: ../b}', 5, /segment "\.\."/],
    ['migrations:\n  - version: 1.0.0\n    delete: [/etc/x]', 5, /empty segment/],
    ['migrations:\n  - version: 1.0.0\n    set: [{file: ".git/config", key: [a], value: 1}]', 5, /\.git folder/],
    ['ownership:\n  - [a, owned]', 5, /managed, merged, seeded, derived/],
    ['x: [', 5, /Flow sequence/],
  ])('with %j is refused with the line', async (yaml, line, reason) => {
    const { code, problems } = await refusal(() => parse(yaml));
    expect(code).toBe('TEMPLATE_BROKEN');
    expect(problems).toContainEqual({ subject: `preset.yaml:${line}`, reason: expect.stringMatching(reason) });
  });

  it('shows every problem at once', async () => {
    const { problems } = await refusal(() => parse('foo: 1\nlayers:\n  - path: ../x\nremove: [.git/x]\ndefaults: 1'));
    expect(problems.map(({ subject }) => subject)).toEqual([
      'preset.yaml:4',
      'preset.yaml:8',
      'preset.yaml:6',
      'preset.yaml:7',
    ]);
  });

  it.each(['hooks', 'scripts', 'tasks', 'run', 'helpers', 'preGen', 'post_gen_project'])(
    'with %s wants to run code: TEMPLATE_UNSAFE',
    async (key) => {
      const { code, message } = await refusal(() => parse(`${key}: [x]`));
      expect(code).toBe('TEMPLATE_UNSAFE');
      expect(message).toContain(`preset.yaml:4: "${key}"`);
    },
  );

  it.each(['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'dependencies'])(
    'with the npm script %s wants to run code: TEMPLATE_UNSAFE',
    async (script) => {
      const files = { 'package.json': JSON.stringify({ scripts: { [script]: 'x' } }) };
      expect((await refusal(() => parsePreset(tree('', files)))).code).toBe('TEMPLATE_UNSAFE');
    },
  );

  it('may have byte order marks, which hide no script', async () => {
    const marked = { 'preset.yaml': '\ufeffschema: 1\nname: acme\nversion: 1.0.0\n' };
    expect((await parsePreset(tree('', { ...marked, 'package.json': '\ufeff{}' }))).name).toBe('acme');
    const hook = { ...marked, 'package.json': '\ufeff{"scripts": {"postinstall": "x"}}' };
    expect((await refusal(() => parsePreset(tree('', hook)))).code).toBe('TEMPLATE_UNSAFE');
  });

  it('may have scripts that its authors run', async () => {
    const files = { 'package.json': JSON.stringify({ scripts: { test: 'x', check: 'y' } }) };
    expect((await parsePreset(tree('', files))).name).toBe('acme');
  });

  it('that is an alias bomb is refused, even if each value is valid', async () => {
    const value = (level: number) => (level === 0 ? '[x]' : `[${`*a${level - 1},`.repeat(10)}]`);
    const settings = Array.from({ length: 9 }, (_, at) => `{file: x, key: [a], value: &a${at} ${value(at)}}`);
    const { code, problems } = await refusal(() =>
      parse(`migrations: [{version: 1.0.0, set: [${settings.join(', ')}]}]`),
    );
    expect([code, problems]).toEqual([
      'TEMPLATE_BROKEN',
      [expect.objectContaining({ reason: expect.stringMatching(/alias/) })],
    ]);
  });

  it('with nested lists is refused with its first errors', async () => {
    const { code, problems } = await refusal(() => parse(`a: ${'['.repeat(20_000)}`));
    expect(code).toBe('TEMPLATE_BROKEN');
    expect(problems.length).toBeLessThanOrEqual(20);
  });
});

describe('the questions under presets', () => {
  it('have the defaults of the last preset that has any', async () => {
    const [base, own] = [await parse('defaults: {cache: redis, ci: gitlab}'), await parse('defaults: {ci: none}')];
    expect(answer([base, own], {})).toMatchObject({ cache: 'redis', ci: 'none' });
    expect(answer([own, base], {})).toMatchObject({ cache: 'redis', ci: 'gitlab' });
  });

  it('that are locked have one answer, and say which preset locks them', async () => {
    const locked = await parse('locked: {port: 9000}');
    expect(answer([locked], {})).toMatchObject({ port: 9000 });
    expect(answer([locked], { port: '9000' })).toMatchObject({ port: 9000 });
    const { code, message } = await refusal(() => answer([locked], { port: 1 }));
    expect(code).toBe('INPUT_INVALID');
    expect(message).toContain('--port is locked to 9000 by acme 1.0.0');
  });

  it.each([
    ['a default', 'defaults: {ci: gitlab}', /ci is locked to github by acme 1\.0\.0/],
    ['a denial', 'denied: {ci: [github]}', /ci is locked to github by acme 1\.0\.0/],
    ['a requirement', 'required: [ci]', /ci is locked to github by acme 1\.0\.0/],
    ['a lock', 'locked: {ci: gitlab}', /other preset\.yaml:4: ci is locked to github by acme 1\.0\.0/],
  ])('that are locked stay so despite %s of another preset', async (_what, yaml, reason) => {
    const { code, message } = await refusedQuestions(await parse('locked: {ci: github}'), await parse(yaml, 'other'));
    expect([code, message]).toEqual(['TEMPLATE_BROKEN', expect.stringMatching(reason)]);
  });

  it('may be locked twice to the same answer', async () => {
    const presets = [await parse('locked: {port: 9000}'), await parse('locked: {port: "9000"}')];
    expect(String(answer(presets, {}).port)).toBe('9000');
  });

  it('that are required have no default any more', async () => {
    const { code, message } = await refusal(async () => answer([await parse('required: [author, license]')], {}));
    expect(code).toBe('INPUT_MISSING');
    expect(message).toContain('--author is missing');
    expect(message).toContain('--license is missing');
  });

  it.each<[yaml: string, name: string]>([
    ['required: [author]', 'author'],
    ['questions: [{name: team, message: Team, type: string}]', 'team'],
  ])('that are required are not answered by nothing: %s', async (yaml, name) => {
    const presets = [await parse(yaml)];
    for (const nothing of ['', ' ', '\t']) {
      const { code, message } = await refusal(() => answer(presets, { [name]: nothing }));
      expect([code, message]).toEqual(['INPUT_INVALID', `--${name} must not be empty`]);
    }
    expect(answer(presets, { [name]: 'x' })[name]).toBe('x');
    const optional = await parse('questions: [{name: team, message: Team, type: string, default: a}]');
    expect(answer([optional], { team: '', author: '' })).toMatchObject({ team: '', author: '' });
  });

  it('lose what is denied', async () => {
    const denied = await parse('denied: {database: [postgres], port: [80], license: [GPL-3.0], cache: [none]}');
    expect(answer([denied], {})).toMatchObject({ database: 'none', cache: 'redis' });
    for (const [name, value] of Object.entries({ database: 'postgres', port: 80, license: 'GPL-3.0', cache: 'none' })) {
      const { code, message } = await refusal(() => answer([denied], { [name]: value }));
      expect([code, message]).toEqual(['INPUT_INVALID', expect.stringContaining(`--${name} must`)]);
    }
  });

  it.each<[yaml: string, line: number, reason: RegExp]>([
    ['denied: {ci: [github, gitlab, none]}', 0, /denies every answer to ci/],
    ['defaults: {ci: jenkins}', 4, /ci must be one of/],
    ['locked: {port: 0}', 4, /port must be a whole number/],
    ['defaults: {team: a}', 4, /there is no question "team"/],
    ['required: [team]', 4, /there is no question "team"/],
    ['denied: {constructor: [a]}', 4, /there is no question "constructor"/],
    ['layers: [{path: a, when: {team: b}}]', 4, /there is no question "team"/],
    ['defaults: {port: 80}\ndenied: {port: [80]}', 4, /port must not be 80/],
    ['locked: {ci: none}\ndenied: {ci: [none]}', 4, /ci must be one of github, gitlab/],
    ['questions: [{name: a, message: b, type: string, maxLength: 2, default: abc}]', 4, /3 characters/],
    ['questions: [{name: a, message: b, type: integer, maximum: 2, default: 3}]', 4, /from 0 to 2/],
    ['questions: [{name: ci, message: b, type: string}]', 4, /there already is a question ci/],
    ...[
      'dir',
      'plan',
      'dryRun',
      'yes',
      'format',
      'preset',
      'noGit',
      'answers',
      'help',
      'h',
      'version',
      'overwrite',
    ].map((name): [string, number, RegExp] => [
      `questions: [{name: ${name}, message: b, type: string}]`,
      4,
      /is a reserved name/,
    ]),
    ...['constructor', 'toString', 'hasOwnProperty'].map((name): [string, number, RegExp] => [
      `questions: [{name: ${name}, message: b, type: string}]`,
      4,
      /is a reserved name/,
    ]),
  ])('refuse %j', async (yaml, line, reason) => {
    const { code, problems } = await refusedQuestions(await parse(yaml));
    expect(code).toBe('TEMPLATE_BROKEN');
    const subject = line === 0 ? 'acme 1.0.0' : `acme preset.yaml:${line}`;
    expect(problems).toContainEqual({ subject, reason: expect.stringMatching(reason) });
  });

  it('are asked of every type', async () => {
    const own = await parse(`questions:
  - {name: team, message: Team, type: string, maxLength: 5}
  - {name: replicas, message: Replicas, type: integer, minimum: 1, maximum: 3, default: 2}
  - {name: metrics, message: Metrics, type: boolean, default: true}
  - {name: tier, message: Tier, type: choice, choices: ["1", "2"]}`);
    expect(answer([own], { team: 'pay', tier: '1' })).toMatchObject({ replicas: 2, metrics: 'true', tier: '1' });
    const { message } = await refusal(() => answer([own], { team: 'toolong', replicas: 4, metrics: 'yes' }));
    for (const part of [
      '--team has 7',
      '--replicas must be',
      '--metrics must be one of true, false',
      '--tier is missing',
    ])
      expect(message).toContain(part);
  });
});

it('policies of several presets are joined', async () => {
  const policies = [
    (await parse('policy: {images: [node], requiredFiles: [A], must: [X-1]}')).policy,
    (await parse('policy: {images: [acme/node], requiredFiles: [A, B]}')).policy,
    (await parse('')).policy,
  ];
  expect(joinPolicies(policies)).toEqual({
    images: [['node'], ['acme/node']],
    requiredFiles: ['A', 'B'],
    must: ['X-1'],
  });
});
