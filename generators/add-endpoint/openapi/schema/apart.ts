import type { Alternative, Said, SaidObject } from './said.ts';

/** Whether no value can be two of these: of each two, the JSON types, the values or a member that both must have differ. */
export function areApart(several: readonly Said[]): boolean {
  return several.every((one, index) => several.slice(index + 1).every((other) => isApart(one, other)));
}

function isApart(one: Said, other: Said): boolean {
  return one.alternatives.every((left) => other.alternatives.every((right) => differ(left, right)));
}

function differ(left: Alternative, right: Alternative): boolean {
  if (left.kind === 'any' || right.kind === 'any') return false;
  if (left.kind === 'object' && right.kind === 'object') return haveOwnKinds(left, right);
  const [ours, theirs] = [valuesIn(left), valuesIn(right)];
  if (ours && theirs) return !ours.some((value) => theirs.includes(value));
  const types = typesOf(right);
  return !typesOf(left).some((type) => types.includes(type));
}

/** Objects that say in a member of their own which of them they are: `kind: card`, `kind: cash`. */
function haveOwnKinds(left: SaidObject, right: SaidObject): boolean {
  return left.fields.some(({ name, said, isOptional }) => {
    const other = right.fields.find((field) => field.name === name);
    if (other === undefined || isOptional || other.isOptional) return false;
    return !(said.isNullable && other.said.isNullable) && isApart(said, other.said);
  });
}

function valuesIn(one: Alternative): readonly unknown[] | undefined {
  return one.kind === 'simple' ? one.values : undefined;
}

/** The JSON types that a value may have. */
function typesOf(one: Alternative): string[] {
  if (one.kind !== 'simple') return [one.kind];
  if (one.values) return [...new Set(one.values.map((value) => typeof value))];
  if (/^(int|number)$/.test(one.text)) return ['number'];
  return [one.text === 'boolean' ? 'boolean' : 'string'];
}
