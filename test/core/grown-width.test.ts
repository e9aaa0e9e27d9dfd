import { expect, it } from 'vitest';
import { toResource } from '../../engine/core/service/resource.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { RESOURCE } from '../../generators/add-resource/addition.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';

it.each([
  [60, true],
  [61, false],
])('unique fields of %i characters stand on one line: %s', async (length, isOneLine) => {
  const names = ['a'.repeat(30), 'b'.repeat(length - 30)];
  const code = await DEFAULT_STACK.load();
  const template = loadBuiltin(`${DEFAULT_STACK.id}/resource`, () => RESOURCE.variables(code));
  const fields = names.map((name) => `${name}:string:unique`);
  const context = code.resource(toResource({ name: 'x', plural: 'xs', fields }, '1'));
  const tree = await renderTemplate(template, {}, context);
  const test = Buffer.from(tree.get('src/features/xs/routes.test.ts' as never)?.content ?? []).toString();
  const line = `for (const field of ["${names.join('", "')}"] as const) {`;
  expect(line.length).toBe(length + 40);
  expect(test.includes(line)).toBe(isOneLine);
  expect(test.includes(`for (const field of [\n  "${names.join('",\n  "')}",\n] as const) {`)).toBe(!isOneLine);
});
