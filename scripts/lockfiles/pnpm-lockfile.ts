/** The lockfile of pnpm as one template: it is text, and what an option adds to it are whole entries. */

/** The lockfiles of a service without options, with each one, and with all. */
interface PnpmLockfiles {
  readonly none: string;
  readonly each: ReadonlyMap<string, string>;
  readonly all: string;
}

/** @throws Error for an entry that has no integrity, or says where it was downloaded from */
export function pnpmTemplate({ none, each, all }: PnpmLockfiles): string {
  const places = [...all.matchAll(/resolution: \{(.*)\}/g)].map(([, place = '']) => place);
  const faults = places.filter((place) => !/^integrity: sha512-[\w+/=]+$/.test(place));
  if (faults.length > 0) throw new Error(`bad lockfile of pnpm:\n  ${faults.join('\n  ')}`);
  const base = new Set(entriesOf(none));
  const more = [...each].map(([option, text]) => [option, new Set(entriesOf(text))] as const);
  return entriesOf(all)
    .map((entry) => {
      if (base.has(entry)) return entry;
      const option = more.find(([, entries]) => entries.has(entry))?.[0];
      if (option === undefined) throw new Error(`which option brings it?\n${entry}`);
      return `{{#if ${option}}}\n${entry}{{/if}}\n`;
    })
    .join('')
    .replaceAll(/\{\{\/if\}\}\n\{\{#if (\w+)\}\}\n/g, (between, option: string, offset: number, text: string) => {
      const opened = [...text.slice(0, offset).matchAll(/\{\{#if (\w+)\}\}/g)].at(-1)?.[1];
      return opened === option ? '' : between;
    });
}

/** An entry of `importers`, `packages` or `snapshots` with the lines below it and the empty one above; or a single other line. */
function entriesOf(text: string): string[] {
  return text.match(/\n? {6}\S.*:\n(?: {8}.*\n)+|\n {2}[^\s.].*\n(?: {4}.*\n)*|.*\n/g) ?? [];
}
