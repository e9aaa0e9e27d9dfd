import { linesOf } from '../../engine/core/text/sorted-lines.ts';
import { packageName } from './manifest.ts';

/** A package at a version, as a lockfile has it. */
export interface Pin {
  readonly name: string;
  readonly version: string;
  /** For which machines; empty for all. */
  readonly marker: string;
  readonly hasHash: boolean;
  /** All its lines. */
  readonly text: string;
}

const PIN =
  /^(?<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?<version>[^\s;\\]+)(?:\s*;\s*(?<marker>[^\\\n]*?))?\s*(?:\\|--hash|\n|$)/;

/** The pins of a lockfile, and the lines that are none, but for comments. */
export function readPins(text: string): { readonly pins: readonly Pin[]; readonly odd: readonly string[] } {
  const pins: Pin[] = [];
  const odd: string[] = [];
  for (const lines of linesOf(text)) {
    const { name, version = '', marker = '' } = PIN.exec(lines)?.groups ?? {};
    if (name !== undefined)
      pins.push({
        name: packageName(name),
        version,
        marker,
        hasHash: /--hash=sha256:[\da-f]{64}\b/.test(lines),
        text: lines,
      });
    else if (!lines.startsWith('#')) odd.push(lines.split('\n')[0] ?? '');
  }
  return { pins, odd };
}

/**
 * Whether a version is in a range, such as `>=3.3,<4`. What is not known of either is taken for granted: it is for pip and uv to say.
 */
export function isInRange(version: string, range: string): boolean {
  return range.split(',').every((part) => {
    const [, operator = '', wanted = ''] = /^\s*(===?|~=|[<>!]=?)\s*(\S+)\s*$/.exec(part) ?? [];
    if (operator === '' || !/^\d+(\.\d+)*(\.\*)?$/.test(wanted) || !/^\d+(\.\d+)*$/.test(version)) return true;
    const base = wanted.replace(/\.\*$/, '');
    const order = compareReleases(version, base);
    const begins = compareReleases(version.split('.').slice(0, base.split('.').length).join('.'), base) === 0;
    switch (operator) {
      case '==':
        return wanted.endsWith('.*') ? begins : order === 0;
      case '!=':
        return wanted.endsWith('.*') ? !begins : order !== 0;
      case '~=': {
        const series = base.split('.').slice(0, -1);
        return (
          order >= 0 && compareReleases(version.split('.').slice(0, series.length).join('.'), series.join('.')) === 0
        );
      }
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      default:
        return true;
    }
  });
}

function compareReleases(one: string, other: string): number {
  const [parts, others] = [one, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(parts.length, others.length); at += 1) {
    const difference = (parts[at] ?? 0) - (others[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
