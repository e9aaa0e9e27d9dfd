import { chainDoc, isPoorlyBreakable } from './chain.ts';
import type { Code, Link } from './code.ts';
import {
  best,
  block,
  breakParent,
  type Doc,
  fill,
  fluid,
  group,
  ifBroken,
  indent,
  join,
  line,
  willBreak,
} from './doc.ts';
import { memberKey, quoted } from './quote.ts';
import { textWidth } from './width.ts';

type ObjectCode = Extract<Code, { readonly kind: 'object' }>;

/** A key at most this wide is not worth a line of its own. */
const SHORT_KEY = 4;

/**
 * An expression as Biome lays it out.
 * @param open objects with one member a line, though they might fit on one: Biome leaves them as they are
 */
export function express(code: Code, open: ReadonlySet<object>): Doc {
  switch (code.kind) {
    case 'text':
      return quoted(code.value);
    case 'list':
      return listDoc(code.items, open);
    case 'object':
      return objectDoc(code, open);
    case 'chain':
      return chainDoc(
        code,
        express(code.head, open),
        code.links.map((link) => linkDoc(link, open)),
      );
    case 'made':
      return [`new ${code.name}`, argumentsDoc(code.given, open)];
    case 'choice':
      return group([code.test, indent([line, '? ', express(code.yes, open), line, ': ', express(code.no, open)])]);
    case 'fixed':
      return [express(code.value, open), ' as const'];
    default:
      return code.text;
  }
}

/** `key: value` */
export function memberDoc(key: string, value: Code, open: ReadonlySet<object>): Doc {
  const left = memberKey(key);
  return assigned(`${left}:`, value, open, textWidth(left) <= SHORT_KEY);
}

/** What is given a value, with its operator, and the value: on the same line if the beginning of it fits there. */
export function assigned(left: string, value: Code, open: ReadonlySet<object>, isShort = false): Doc {
  const doc = express(value, open);
  const isAfter = [left, group(indent([line, doc]))];
  if (value.kind === 'binary' || value.kind === 'choice') return group(isAfter);
  if (isShort) return group([left, ' ', doc]);
  if (value.kind === 'text' || isPoorlyBreakable(value)) return group(isAfter);
  if (value.kind === 'template' || (value.kind === 'number' && !value.text.startsWith('-')))
    return group([left, ' ', doc]);
  return group([left, fluid(doc)]);
}

function objectDoc(code: ObjectCode, open: ReadonlySet<object>): Doc {
  if (code.members.length === 0) return '{}';
  const members = code.members.map((member) =>
    'spread' in member ? `...${member.spread}` : memberDoc(...member, open),
  );
  const inner = block([join([',', line], members), ifBroken(',')], line);
  return ['{', group(inner, code.isExpanded || open.has(code), code), '}'];
}

function listDoc(items: readonly Code[], open: ReadonlySet<object>): Doc {
  if (items.length === 0) return '[]';
  const last = items.length - 1;
  const docs = items.map((item, index) => [group(express(item, open)), index < last ? ',' : ifBroken(',')]);
  return ['[', group(block(isNumbers(items) ? fill(docs) : join(line, docs)), isTable(items)), ']'];
}

function isNumbers(items: readonly Code[]): boolean {
  return items.length > 0 && items.every((item) => item.kind === 'number' && /^[-\d]/.test(item.text));
}

/** Two rows or more, each with two cells or more. */
function isTable(items: readonly Code[]): boolean {
  const [first] = items;
  return (
    items.length > 1 &&
    items.every(
      (item) =>
        item.kind === first?.kind &&
        ((item.kind === 'list' && item.items.length > 1) || (item.kind === 'object' && item.members.length > 1)),
    )
  );
}

function linkDoc(link: Link, open: ReadonlySet<object>): Doc {
  return typeof link === 'string' ? `.${link}` : argumentsDoc(link, open);
}

/** The arguments of a call. An object or a list at the end may break without the others. */
function argumentsDoc(given: readonly Code[], open: ReadonlySet<object>): Doc {
  if (given.length === 0) return '()';
  const docs = given.map((one) => express(one, open));
  const expanded = (isExpanded: boolean) =>
    group(['(', block([join([',', line], docs), ifBroken(',')]), ')'], isExpanded);
  if (!isLastGrouped(given)) return expanded(false);
  const [last = '', others] = [docs.at(-1), docs.slice(0, -1)];
  if (others.some(willBreak)) return expanded(true);
  const around = (doc: Doc): Doc => ['(', join([',', line], [...others, doc]), ')'];
  const middle = around(group(last, true));
  return willBreak(last) ? [breakParent, best(middle, expanded(true))] : best(around(last), middle, expanded(true));
}

function isLastGrouped(given: readonly Code[]): boolean {
  const [before, last] = [given.at(-2), given.at(-1)];
  if (last === undefined || before?.kind === last.kind) return false;
  if (last.kind === 'list' && given.length > 1 && isNumbers(last.items)) return false;
  const value = last.kind === 'fixed' ? last.value : last;
  return (value.kind === 'object' && value.members.length > 0) || (value.kind === 'list' && value.items.length > 0);
}
