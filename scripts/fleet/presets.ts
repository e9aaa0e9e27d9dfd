/** path -> text of a preset, version by version: what an organisation's standard looks like over two years. */
export type PresetFiles = Readonly<Record<string, string>>;

/** Who owns the services of a fleet, and how many of a hundred each team has. */
export const TEAMS = [
  ['payments', 22],
  ['checkout', 19],
  ['logistics', 17],
  ['catalog', 14],
  ['identity', 11],
  ['content', 9],
  ['insights', 8],
] as const;

const head = (version: string): string =>
  [
    'schema: 1',
    'name: "@acme/service-preset"',
    `version: ${version}`,
    'defaults:',
    '  author: Acme Platform',
    'questions:',
    `  - { name: team, message: Which team owns it, type: choice, choices: [${TEAMS.map(([team]) => team).join(', ')}], default: payments }`,
    '  - { name: tier, message: How critical it is, type: choice, choices: [gold, silver, bronze], default: silver }',
    '',
  ].join('\n');

const LAYER = ['layers:', '  - path: files', ''].join('\n');

const ownership = (...lines: string[]): string => ['ownership:', ...lines.map((line) => `  - ${line}`), ''].join('\n');

const OWNERS = '# Who is asked about a change.\n* @acme/platform\n';
const ON_CALL = (minutes: number): string =>
  `# On call for {{name}}\n\nAcknowledge a page within ${minutes} minutes. The dashboard is https://grafana.acme.example/d/{{name}}.\n`;
const EDITORCONFIG = (width: number): string =>
  `root = true\n\n[*]\ncharset = utf-8\nend_of_line = lf\nindent_style = space\nindent_size = 2\nmax_line_length = ${width}\n`;
const RELEASE = (days: number): string =>
  `#!/bin/sh\nset -eu\n# Images that nobody deployed are removed after ${days} days.\nexec docker buildx build --push --tag "registry.acme.example/{{name}}:$1" .\n`;

const V1: PresetFiles = {
  'preset.yaml': `${head('1.0.0')}${LAYER}${ownership('["tools/**", managed]', '["CODEOWNERS", managed]')}`,
  'files/CODEOWNERS': OWNERS,
  'files/docs/on-call.md.hbs': ON_CALL(30),
  'files/tools/release.sh.hbs': RELEASE(30),
};

const V1_1: PresetFiles = {
  ...V1,
  'preset.yaml': (V1['preset.yaml'] ?? '').replace('1.0.0', '1.1.0'),
  'files/docs/on-call.md.hbs': ON_CALL(15),
  'files/.editorconfig': EDITORCONFIG(100),
};

const V2: PresetFiles = {
  ...V1_1,
  'preset.yaml': `${(V1_1['preset.yaml'] ?? '').replace('1.1.0', '2.0.0')}${[
    'policy:',
    '  images: ["node", "registry.acme.example/**"]',
    '  requiredFiles: ["CODEOWNERS"]',
    '  must: ["XI-3", "H-1"]',
    '',
  ].join('\n')}`,
  'files/.editorconfig': EDITORCONFIG(120),
  'files/tools/release.sh.hbs': RELEASE(14),
  'files/SECURITY.md.hbs': '# Security of {{name}}\n\nReport a vulnerability to security@acme.example.\n',
};

/** Not released yet: what a rehearsal is for. */
const V3: PresetFiles = {
  ...V2,
  'preset.yaml': (V2['preset.yaml'] ?? '').replace('2.0.0', '3.0.0'),
  'files/CODEOWNERS': `${OWNERS}/tools/ @acme/release\n`,
  'files/docs/on-call.md.hbs': `${ON_CALL(10)}\nThe runbook is docs/runbook.md.\n`,
};

/** Oldest first. The last one is not released. */
export const PRESET_VERSIONS: readonly (readonly [version: string, files: PresetFiles])[] = [
  ['1.0.0', V1],
  ['1.1.0', V1_1],
  ['2.0.0', V2],
  ['3.0.0', V3],
];

/** What `presets/current` holds in the end. */
export const RELEASED = '2.0.0';
