import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RawAnswers } from '../../engine/core/question.ts';
import { createManifest, MANIFEST_PATH, serializeManifest } from '../../engine/core/service/manifest.ts';
import { memoRenderer } from '../../engine/core/template/memo-render.ts';
import type { Template } from '../../engine/core/template/template.ts';
import type { Tree, TreeFile } from '../../engine/core/tree.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { loadPresets } from '../../generators/load-presets.ts';
import { makeStandard, type Standard } from '../../generators/standard.ts';
import { FLEET_EDITS } from './edits.ts';
import { PRESET_VERSIONS, type PresetFiles, RELEASED, TEAMS } from './presets.ts';
import { Random } from './random.ts';

interface FleetOptions {
  /** An empty folder, or none yet. */
  readonly folder: string;
  readonly services: number;
  readonly seed: number;
  /** Whether each service is a git repository with one commit, as upgrades want it. */
  readonly git: boolean;
  /** What they are made from: today's template, or one of an older version. */
  readonly template?: Template;
}

interface Fleet {
  /** `services/<name>`, in the order of the list. */
  readonly services: readonly string[];
  /** What happened to how many of them. */
  readonly edits: readonly (readonly [what: string, services: number])[];
}

const NOUNS =
  'orders billing catalog customers shipping inventory pricing payments refunds ledger invoices carts search reviews ratings ' +
  'offers coupons loyalty returns suppliers warehouses routing tracking labels customs taxes fraud identity sessions ' +
  'profiles consents mailing messages alerts reports exports imports archive media images translations content pages';
const SUFFIXES = ['', '-api', '-sync', '-jobs', '-gateway'];

/**
 * A fleet as it looks after two years: services of several versions of a preset, edited in all the ways in which people
 * edit. The same for a seed.
 *
 *   fleet.txt           services/<name>, one a line
 *   presets/<version>/  every version of the preset
 *   presets/current/    the released one: what the services name as their source
 *   services/<name>/
 *
 * The files of old versions are in the source cache afterwards, as they are on a machine that once used them.
 */
export async function makeFleet({
  folder,
  services,
  seed,
  git,
  template = loadBuiltin('typescript', createVariables),
}: FleetOptions): Promise<Fleet> {
  const random = new Random(seed);
  const owners = new Random(seed + 1);
  const names = serviceNames(services).map((name) => {
    const version = random.pick([
      ['none', 4],
      ['1.0.0', 26],
      ['1.1.0', 34],
      [RELEASED, 36],
    ]);
    const owner = {
      team: owners.pick(TEAMS),
      tier: owners.pick([
        ['silver', 5],
        ['bronze', 3],
        ['gold', 2],
      ]),
    };
    const answers = {
      name: random.next() < 0.3 ? `@acme/${name}` : name,
      database: random.pick([
        ['postgres', 3],
        ['none', 1],
      ]),
      cache: random.pick([
        ['redis', 1],
        ['none', 2],
      ]),
      ci: random.pick([
        ['github', 3],
        ['gitlab', 1],
      ]),
      port: random.pick([
        [8080, 4],
        [3000, 1],
      ]),
      ...(version === 'none' ? {} : owner),
    };
    return { name, version, answers };
  });
  const current = join(folder, 'presets/current');
  for (const [version, files] of [['none', {}] as const, ...PRESET_VERSIONS]) {
    writePreset(join(folder, 'presets', version), files);
    writePreset(current, files);
    const presets = version === 'none' ? [] : await loadPresets(current, folder);
    const standard = makeStandard(template, presets);
    const write = serviceWriter(standard);
    for (const service of names.filter((one) => one.version === version))
      await write(join(folder, 'services', service.name), service.answers);
  }
  writePreset(current, PRESET_VERSIONS.find(([version]) => version === RELEASED)?.[1] ?? {});
  const listed = names.map(({ name }) => `services/${name}`);
  writeFileSync(join(folder, 'fleet.txt'), `# ${services} services, seed ${seed}\n${listed.join('\n')}\n`);
  const edits = applyEdits(folder, names, random);
  if (git)
    for (const { name, answers } of names)
      commit(join(folder, 'services', name), `${answers.team ?? 'platform'}/${name}`);
  return { services: listed, edits };
}

function commit(folder: string, repository: string): void {
  const who = ['-c', 'user.name=Fleet', '-c', 'user.email=fleet@example.invalid', '-c', 'commit.gpgSign=false'];
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['remote', 'add', 'origin', `git@git.acme.example:${repository}.git`],
    ['add', '--all'],
    [...who, 'commit', '--quiet', '--allow-empty', '--message', 'Two years'],
  ])
    execFileSync('git', args, { cwd: folder });
}

function serviceNames(count: number): string[] {
  const nouns = NOUNS.split(' ');
  const rounds = Math.ceil(count / (nouns.length * SUFFIXES.length));
  const all = Array.from({ length: rounds }, (_, round) =>
    SUFFIXES.flatMap((suffix) => nouns.map((noun) => `${noun}${suffix}${round === 0 ? '' : `-${round + 1}`}`)),
  );
  return all.flat().slice(0, count);
}

function writePreset(folder: string, files: PresetFiles): void {
  rmSync(folder, { recursive: true, force: true });
  writeTree(
    folder,
    new Map(Object.entries(files).map(([path, text]) => [path, { content: Buffer.from(text), mode: 0o644 }])),
  );
}

function serviceWriter(standard: Standard): (root: string, raw: RawAnswers) => Promise<void> {
  const render = memoRenderer(standard.template);
  return async (root, raw) => {
    const answers = parseCreateAnswers(raw, standard.questions);
    const tree = await render(answers, standard.context(answers));
    writeTree(root, tree);
    const manifest = createManifest(standard.template, answers, tree, standard.pins(root));
    writeFileSync(join(root, MANIFEST_PATH), serializeManifest(manifest));
  };
}

function writeTree(folder: string, tree: Tree | ReadonlyMap<string, TreeFile>): void {
  const made = new Set<string>();
  for (const [path, { content, mode }] of tree) {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(file, content, { mode });
  }
}

/** Every edit gets services of its own; those that break a service come last, and may find none left. */
function applyEdits(
  folder: string,
  services: readonly { name: string; version: string }[],
  random: Random,
): [what: string, services: number][] {
  const left = random.shuffle(services.filter(({ version }) => version !== 'none'));
  return FLEET_EDITS.map(({ what, of200, apply }) => {
    const chosen = left.splice(0, Math.max(1, Math.round((services.length * of200) / 200)));
    for (const { name } of chosen) apply(join(folder, 'services', name), name);
    return [what, chosen.length];
  });
}
