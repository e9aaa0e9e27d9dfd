import type { Code, Link } from './code.ts';
import { best, breakParent, type Doc, group, hardline, indent, willBreak } from './doc.ts';
import { quoted } from './quote.ts';
import { textWidth } from './width.ts';

type Chain = Extract<Code, { readonly kind: 'chain' }>;

/** A text longer than this, a quarter of a line, is worth a break in a call. */
const SHORT = 25;

/** Which links stay on the first line, and from which to which those are that may begin a line. */
interface Parts {
  readonly head: number;
  readonly tail: readonly (readonly [from: number, to: number])[];
}

/**
 * Members and calls: on one line, or each call on its own.
 * @param first what its head looks like
 * @param docs what its links look like
 */
export function chainDoc(chain: Chain, first: Doc, docs: readonly Doc[]): Doc {
  const { links } = chain;
  const parts = partsOf(chain);
  const head = [first, ...docs.slice(0, parts.head)];
  const tail = parts.tail.map(([from, to]) => docs.slice(from, to));
  const oneLine = [head, ...tail];
  // A chain is one because it ends in a call.
  if (typeof links.at(-1) === 'string') return oneLine;
  if (tail.length <= 1) return links.length === 1 ? oneLine : group(oneLine);
  const expanded = [head, indent(group(tail.map((part) => [hardline, part])))];
  const calls = links.filter(isCall);
  const isComplex = calls.length > 2 && !calls.every((given) => given.every((one) => isSimple(one)));
  if (isComplex || willBreak(head) || tail.slice(0, -1).some(willBreak)) return group(expanded);
  return [willBreak(tail.at(-1) ?? '') ? breakParent : '', best(oneLine, expanded)];
}

/** Whether a break in it would win nothing: names and calls with no argument, or one that is short. */
export function isPoorlyBreakable(code: Code): boolean {
  if (code.kind !== 'chain' || code.head.kind !== 'name') return false;
  const { links } = code;
  return links.every((link, index) => {
    if (!isCall(link)) return true;
    const [only] = link;
    if (link.length > 1 || (only !== undefined && !isShort(only))) return false;
    return partsOf({ ...code, links: links.slice(0, index + 1) }).tail.length <= 1;
  });
}

function partsOf({ head, links }: Pick<Chain, 'head' | 'links'>): Parts {
  let at = 0;
  while (isCall(links[at])) at += 1;
  const isCalled = at > 0;
  if (!isCalled) while (typeof links[at] === 'string' && typeof links[at + 1] === 'string') at += 1;
  const starts = links.flatMap((link, index) =>
    index >= at && typeof link === 'string' && (index === at || isCall(links[index - 1])) ? [index] : [],
  );
  const lastName = links[at - 1] ?? (head.kind === 'name' ? head.text : '');
  if (!isCalled && typeof lastName === 'string' && isFactory(lastName)) starts.shift();
  return {
    head: starts[0] ?? links.length,
    tail: starts.map((from, index) => [from, starts[index + 1] ?? links.length]),
  };
}

function isCall(link: Link | undefined): link is readonly Code[] {
  return typeof link === 'object';
}

/** `Buffer`, `_`: its first call stays with it. */
function isFactory(name: string): boolean {
  return /^[_$]+$|^\p{Lu}/u.test(name);
}

function isShort(code: Code): boolean {
  switch (code.kind) {
    case 'name':
      return code.text === 'null' || code.text.length <= SHORT;
    case 'number':
      return true;
    case 'text':
      return textWidth(quoted(code.value)) <= SHORT;
    case 'template':
      return !code.text.includes('${') && code.text.length <= SHORT + 2;
    default:
      return false;
  }
}

/** An argument that does not make a chain of three calls and more break. */
function isSimple(code: Code, depth = 0): boolean {
  if (depth >= 2) return false;
  switch (code.kind) {
    case 'name':
    case 'number':
    case 'text':
      return true;
    case 'template':
      return !code.text.includes('${') || (depth === 0 && !code.text.includes('('));
    case 'list':
      return code.items.every((item) => isSimple(item, depth + 1));
    case 'object':
      return code.members.every((member) => !('spread' in member) && isSimple(member[1], depth + 1));
    case 'made':
      return areSimple(code.given, depth);
    case 'chain':
      return isSimple(code.head, depth) && code.links.every((link) => !isCall(link) || areSimple(link, depth));
    default:
      return false;
  }
}

function areSimple(given: readonly Code[], depth: number): boolean {
  return given.length + depth <= 2 && given.every((one) => isSimple(one, depth + 1));
}
