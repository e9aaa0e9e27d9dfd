import { expect, it } from 'vitest';
import { allowVersion } from '../../engine/core/preset/source-range.ts';
import { formatSourceSpec, parseSourceSpec } from '../../engine/core/preset/source-spec.ts';

it.each([
  // Outside of the range: the plainest range that allows it.
  ['npm:p@^1', 'npm:p@2.0.0', '2.0.0', 'npm:p@^2.0.0'],
  ['npm:p@^2', 'npm:p@1.5.0', '1.5.0', 'npm:p@^1.5.0'],
  ['npm:p@1.x', 'npm:p@2.1.0', '2.1.0', 'npm:p@^2.1.0'],
  ['npm:p@>=1 <2', 'npm:p@2.0.0', '2.0.0', 'npm:p@^2.0.0'],
  ['npm:p@~1.2', 'npm:p@1.3.0', '1.3.0', 'npm:p@~1.3.0'],
  ['npm:p@^1', 'npm:p@2.0.0-rc.1', '2.0.0-rc.1', 'npm:p@^2.0.0-rc.1'],
  ['npm:p@^1', 'npm:p@next', '3.0.0-rc.1', 'npm:p@^3.0.0-rc.1'],
  // An exact version is a pin, and stays one.
  ['npm:p@1.0.0', 'npm:p@2.0.0', '2.0.0', 'npm:p@2.0.0'],
  ['npm:p@=1.0.0', 'npm:p@2.0.0', '2.0.0', 'npm:p@2.0.0'],
  // Within the range, or a tag that moves: as it was.
  ['npm:p@^1', 'npm:p@1.9.0', '1.9.0', 'npm:p@^1'],
  ['npm:p', 'npm:p@2.0.0', '2.0.0', 'npm:p'],
  ['npm:p@next', 'npm:p@2.0.0', '2.0.0', 'npm:p@next'],
  // Git has no ranges: a name that is a version gives way to the one that was asked for.
  ['github:a/p#v1.0.0', 'github:a/p#v2.0.0', '2.0.0', 'github:a/p#v2.0.0'],
  ['github:a/p#1.0.0', 'github:a/p#2.0.0', '2.0.0', 'github:a/p#2.0.0'],
  ['github:a/p#v1', 'github:a/p#v2.0.0', '2.0.0', 'github:a/p#v2.0.0'],
  ['github:a/p#v1', 'github:a/p#v1.4.0', '1.4.0', 'github:a/p#v1'],
  ['github:a/p#v1.4', 'github:a/p#v1.4.2', '1.4.2', 'github:a/p#v1.4'],
  ['github:a/p#preset-v1.0.0', 'github:a/p#preset-v1.1.0', '1.1.0', 'github:a/p#preset-v1.1.0'],
  ['github:a/p#refs/tags/v1.0.0', 'github:a/p#refs/tags/v1.1.0', '1.1.0', 'github:a/p#refs/tags/v1.1.0'],
  [`github:a/p#${'a'.repeat(40)}`, 'github:a/p#v2.0.0', '2.0.0', 'github:a/p#v2.0.0'],
  ['github:a/p#main', 'github:a/p#v2.0.0', '2.0.0', 'github:a/p#main'],
  ['github:a/p', 'github:a/p#v2.0.0', '2.0.0', 'github:a/p'],
])('%s, upgraded to %s (%s), is recorded as %s', async (recorded, taken, version, expected) => {
  const spec = await allowVersion(parseSourceSpec(recorded), parseSourceSpec(taken), version);
  expect(formatSourceSpec(spec)).toBe(formatSourceSpec(parseSourceSpec(expected)));
});
