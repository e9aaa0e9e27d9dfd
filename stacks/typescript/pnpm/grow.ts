import { addToMap } from '../../../engine/core/service/yaml-edit.ts';
import type { Dependency } from '../packages.ts';

/** A lockfile of pnpm with more packages, each in its alphabetical place. What cannot be put in is left out. */
export async function growPnpmLockfile(text: string, wanted: readonly Dependency[]): Promise<string> {
  let grown = text;
  const add = async (path: readonly string[], key: string, lines: readonly string[], gap: boolean) => {
    const [first = '', ...rest] = lines;
    const entry = [`${quoted(key)}:${first}`, ...rest.map((line) => `  ${line}`), ''].join('\n');
    grown = (await addToMap(grown, path, { key, entry, gap })) ?? grown;
  };
  for (const { name, version, entry } of wanted) {
    const { integrity, engines, peerDependencies } = entry as PackageEntry;
    const peers = Object.keys(peerDependencies ?? {}).map((peer) => ({
      peer,
      version: wanted.find((one) => one.name === peer)?.version ?? '',
    }));
    const resolved = version + peers.map((one) => `(${one.peer}@${one.version})`).join('');
    await add(['importers', '.', 'dependencies'], name, ['', `specifier: ${version}`, `version: ${resolved}`], false);
    await add(
      ['packages'],
      `${name}@${version}`,
      [
        '',
        `resolution: {integrity: ${integrity}}`,
        ...(engines ? [`engines: {node: '${engines.node}'}`] : []),
        ...listed('peerDependencies', Object.entries(peerDependencies ?? {})),
      ],
      true,
    );
    const needs = listed(
      'dependencies',
      peers.map((one) => [one.peer, one.version] as const),
    );
    await add(['snapshots'], `${name}@${resolved}`, needs.length === 0 ? [' {}'] : ['', ...needs], true);
  }
  return grown;
}

interface PackageEntry {
  readonly integrity?: string;
  readonly engines?: { readonly node: string };
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function listed(title: string, entries: readonly (readonly [name: string, version: string])[]): string[] {
  return entries.length === 0 ? [] : [`${title}:`, ...entries.map(([name, range]) => `  ${quoted(name)}: ${range}`)];
}

/** pnpm quotes a key that YAML would take for something else. */
function quoted(key: string): string {
  return key.startsWith('@') ? `'${key}'` : key;
}
