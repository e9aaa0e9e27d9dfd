import { withoutMark } from '../../engine/core/text/byte-order-mark.ts';

/** A module at a version. */
interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

interface Required extends ModuleVersion {
  /** Only other modules need it. */
  readonly isIndirect: boolean;
}

/** What go.mod says, as far as go.sum has to follow it. */
interface GoModule {
  readonly path: string;
  readonly required: readonly Required[];
  /** What stands for a module, or for one version of it (`path@version`): a module, or nothing for a folder. */
  readonly replaced: ReadonlyMap<string, ModuleVersion | undefined>;
}

/** @returns nothing for a text that Go would refuse too, e.g. one with marks of a conflict */
export function parseModule(text: string): GoModule | undefined {
  let path: string | undefined;
  const required: Required[] = [];
  const replaced = new Map<string, ModuleVersion | undefined>();
  for (const { verb, words, comment } of directives(withoutMark(text))) {
    const [first = '', second = ''] = words;
    if (verb === 'module') path = first;
    else if (verb === 'require')
      required.push({ path: first, version: second, isIndirect: /^indirect\b/.test(comment) });
    else if (verb === 'replace') {
      const arrow = words.indexOf('=>');
      const [target = '', version] = words.slice(arrow + 1);
      replaced.set(words.slice(0, arrow).join('@'), version === undefined ? undefined : { path: target, version });
    } else if (!/^(go|toolchain|tool|exclude|retract|godebug|ignore)$/.test(verb)) return undefined;
  }
  const isWhole = required.every(({ version }) => /^v\d/.test(version));
  return path !== undefined && isWhole ? { path, required, replaced } : undefined;
}

interface Directive {
  readonly verb: string;
  readonly words: readonly string[];
  readonly comment: string;
}

/** The directives of a go.mod, those of blocks too. */
function directives(text: string): Directive[] {
  const found: Directive[] = [];
  let block: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, said = '', comment = ''] = /^(.*?)(?:\/\/\s*(.*))?$/.exec(line) ?? [];
    const words = [...said.matchAll(/"([^"]*)"|`([^`]*)`|([^\s"`]+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
    const [first, ...rest] = words;
    if (first === undefined) continue;
    if (first === ')') block = undefined;
    else if (block === undefined && rest.at(-1) === '(') block = first;
    else if (block === undefined) found.push({ verb: first, words: rest, comment });
    else found.push({ verb: block, words, comment });
  }
  return found;
}
