import { withoutMark } from '../../engine/core/text/byte-order-mark.ts';

/** A requirement of a list: `psycopg[binary,pool]>=3.3,<4 ; sys_platform == 'linux'`. */
interface Requirement {
  /** As indexes spell it: `psycopg-binary`. */
  readonly name: string;
  /** `>=3.3,<4` */
  readonly range: string;
  /** Where its text begins in the manifest, at its quote. */
  readonly offset: number;
}

interface RequirementList {
  readonly requirements: readonly Requirement[];
  /** Where the bracket is that closes it. */
  readonly end: number;
}

/** Lists of requirements of a pyproject.toml: those of the project, and those of its groups. */
export interface Manifest {
  readonly project?: RequirementList | undefined;
  readonly dev?: RequirementList | undefined;
  readonly local?: RequirementList | undefined;
}

/** `Typing_Extensions` and `typing-extensions` are one package. */
export const packageName = (text: string): string => text.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** @returns nothing for a text that pip and uv would refuse too, e.g. one with marks of a conflict */
export function readManifest(text: string): Manifest | undefined {
  if (/^(<<<<<<<|=======|>>>>>>>)/m.test(text) || !/^\[project\]/m.test(withoutMark(text))) return undefined;
  const lists = {
    project: listOf(text, 'project', 'dependencies'),
    dev: listOf(text, 'dependency-groups', 'dev'),
    local: listOf(text, 'dependency-groups', 'local'),
  };
  return Object.values(lists).includes('open') ? undefined : (lists as Manifest);
}

/** What stands in a list: a comment, a text, a comma or a table, and the bracket that ends it. */
const TOKEN = /#.*|"[^"\n]*"|'[^'\n]*'|\]/g;
const REQUIREMENT = /^\s*(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?(?<range>[^;@()]*)\)?/;

function listOf(text: string, table: string, key: string): RequirementList | 'open' | undefined {
  const head = new RegExp(`^\\[${table}\\][ \\t]*(?:#.*)?$`, 'm').exec(text);
  if (head === null) return undefined;
  const from = head.index + head[0].length;
  const next = /^\[[\w"'.-]+\][ \t]*(?:#.*)?$/m.exec(text.slice(from))?.index ?? text.length;
  const found = new RegExp(`^${key}[ \\t]*=[ \\t]*\\[`, 'm').exec(text.slice(from, from + next));
  if (found === null) return undefined;
  const start = from + found.index + found[0].length;
  const requirements: Requirement[] = [];
  for (const { 0: token, index } of text.slice(start).matchAll(TOKEN)) {
    if (token === ']') return { requirements, end: start + index };
    const { name, range = '' } = REQUIREMENT.exec(token.slice(1, -1))?.groups ?? {};
    if (name !== undefined && !token.startsWith('#'))
      requirements.push({ name: packageName(name), range: range.trim(), offset: start + index });
  }
  return 'open';
}
