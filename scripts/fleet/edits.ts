import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Something that happens to services, and to how many of two hundred. */
interface FleetEdit {
  readonly what: string;
  readonly of200: number;
  /** Changes the service in `root`. */
  readonly apply: (root: string, name: string) => void;
}

function edit(root: string, path: string, how: (text: string) => string): void {
  const file = join(root, path);
  if (existsSync(file)) writeFileSync(file, how(readFileSync(file, 'utf8')));
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const waiver = (rule: string, path: string, expires: string): string =>
  `waivers:\n  - rule: ${rule}\n    path: ${path}\n    reason: the upstream fix is not released yet\n    owner: team-payments\n    expires: ${expires}\n`;

const NOTE = '// Kept until the supervisor knows the new exit codes.\n';
const CRLF = ['README.md', 'Dockerfile', 'src/main.ts', 'src/platform/app.ts', 'biome.json', '.editorconfig'];

/** In this order. Each edit gets services of its own, as long as there are enough. */
export const FLEET_EDITS: readonly FleetEdit[] = [
  {
    what: 'the same edit of the Dockerfile',
    of200: 37,
    apply: (root, name) =>
      edit(root, 'Dockerfile', (text) =>
        text.replace(
          'ENTRYPOINT',
          `# Pods have 512 MiB.\nENV NODE_OPTIONS=--max-old-space-size=384 APP_TITLE=${name}\nENTRYPOINT`,
        ),
      ),
  },
  {
    what: 'the same edit of a managed file',
    of200: 9,
    apply: (root) => edit(root, 'src/platform/failure.ts', (text) => `${NOTE}${text}`),
  },
  {
    what: 'a variable of the platform with another default',
    of200: 9,
    apply: (root) => {
      // The second is where 0.1.0 had it.
      for (const path of ['src/platform/config/http.ts', 'src/config/http.ts'])
        edit(root, path, (text) => text.replace('.default(6000)', '.default(1234)'));
    },
  },
  {
    what: 'a log level in the compose file',
    of200: 14,
    apply: (root, name) => edit(root, `docker-compose.${name}.yaml`, (text) => `${text}\n# ${name}: LOG_LEVEL=debug\n`),
  },
  {
    what: 'a time of their own in the on-call document',
    of200: 22,
    apply: (root) => edit(root, 'docs/on-call.md', (text) => text.replace(/within \d+ minutes/, 'within 45 minutes')),
  },
  {
    what: 'a managed file edited in a way of its own',
    of200: 7,
    apply: (root, name) =>
      edit(root, 'src/platform/app.ts', (text) => `${text}\n// hot fix of ${name}, ${name.length}\n`),
  },
  {
    what: 'a managed file deleted',
    of200: 4,
    apply: (root) => rmSync(join(root, 'tools/release.sh'), { force: true }),
  },
  { what: 'a required file deleted', of200: 3, apply: (root) => rmSync(join(root, 'CODEOWNERS'), { force: true }) },
  {
    what: 'a checkout with CRLF',
    of200: 12,
    apply: (root) => {
      for (const path of CRLF) edit(root, path, (text) => text.replaceAll('\n', '\r\n'));
    },
  },
  {
    what: 'a file renamed',
    of200: 5,
    apply: (root) => {
      if (existsSync(join(root, 'docs/on-call.md')))
        renameSync(join(root, 'docs/on-call.md'), join(root, 'docs/oncall.md'));
    },
  },
  {
    what: 'a file of their own in a managed folder',
    of200: 8,
    apply: (root) => put(root, 'src/platform/retry.ts', 'export const attempts = 3;\n'),
  },
  {
    what: 'package.json written by another formatter',
    of200: 10,
    apply: (root) => edit(root, 'package.json', (text) => `${JSON.stringify(JSON.parse(text), null, 4)}\n`),
  },
  {
    what: 'another base image',
    of200: 6,
    apply: (root) =>
      edit(root, 'Dockerfile', (text) =>
        text.replace(/^ARG NODE_IMAGE=.*$/m, 'ARG NODE_IMAGE=docker.io/somebody/node:22'),
      ),
  },
  {
    what: 'an edit with a good waiver',
    of200: 5,
    apply: (root) => {
      edit(root, 'src/platform/app.ts', (text) => `${text}// a patch\n`);
      put(root, '.twelve-waivers.yaml', waiver('drift', 'src/platform/*', '2999-12-31'));
    },
  },
  {
    what: 'an edit with an expired waiver',
    of200: 3,
    apply: (root) => {
      edit(root, 'src/platform/app.ts', (text) => `${text}// a patch\n`);
      put(root, '.twelve-waivers.yaml', waiver('drift', 'src/platform/*', '2020-01-31'));
    },
  },
  {
    what: 'a waiver of a MUST',
    of200: 2,
    apply: (root) => put(root, '.twelve-waivers.yaml', waiver('XI-3', 'src/**', '2999-12-31')),
  },
  { what: 'a broken manifest', of200: 1, apply: (root) => edit(root, '.twelve.json', (text) => text.slice(0, 400)) },
  {
    what: 'a manifest that leaves the service',
    of200: 1,
    apply: (root) => edit(root, '.twelve.json', (text) => text.replace('"Dockerfile"', '"../Dockerfile"')),
  },
  {
    what: 'a manifest that cannot be read',
    of200: 1,
    apply: (root) => {
      rmSync(join(root, '.twelve.json'));
      mkdirSync(join(root, '.twelve.json'));
    },
  },
  {
    what: 'a link in place of a file',
    of200: 1,
    apply: (root) => {
      rmSync(join(root, 'src/platform/app.ts'));
      symlinkSync('/etc/hostname', join(root, 'src/platform/app.ts'));
    },
  },
];
