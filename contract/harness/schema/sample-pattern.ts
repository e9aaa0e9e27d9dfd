import randexp from 'randexp';
import { Unseen } from '../wait.ts';

/** Its types say that the class is a property of the module; it is the module. */
const RandExp = randexp as unknown as typeof randexp.default;

/** What a dot stands for, as ranges of character codes: letters, digits, `-`, `_` and `!`. Services trim and escape others. */
const ANY = [
  [33, 33],
  [45, 45],
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
] as const;
/** How often `*` and `+` repeat at most beyond the least. */
const REPEATS = 12;
const DRAWS = 500;
/** A text of so many characters is hardly made twice. A number of as many digits fits into 32 bits. */
const USUAL = 8;
/** So many draws look for one. */
const CHOICES = 40;
/** What a pattern has whose texts may be short or long: `*`, `+`, `{1,9}` or `{1,}`. */
const REPEATED = /[*+]|\{\d+,\d*\}/;

/**
 * A random text that matches a regular expression. What has to be unique is made more than once: so where texts may be short or
 * long, one of about eight characters is taken. Assertions are not understood when a text is made, so each is checked, and drawn
 * again if it does not match.
 * @param accepts a further condition, such as a length
 * @throws Unseen when 500 draws gave no match
 */
export function samplePattern(source: string, accepts: (text: string) => boolean = () => true): string {
  const pattern = compile(source);
  const maker = makerOf(source);
  const choices = REPEATED.test(source) ? CHOICES : 1;
  const distance = (text: string) => Math.abs(text.length - USUAL);
  let best: string | undefined;
  for (let draw = 1; draw <= DRAWS; draw += 1) {
    const text = maker.gen();
    const isBetter = best === undefined || distance(text) < distance(best);
    if (isBetter && pattern.test(text) && accepts(text)) best = text;
    if (best !== undefined && (draw >= choices || distance(best) === 0)) return best;
  }
  throw new Unseen(`no text was found for the pattern ${source}`);
}

/** Schemas of other languages escape what Unicode mode does not let one escape. */
function compile(source: string): RegExp {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new Unseen(`${source} is not a regular expression`);
}

function makerOf(source: string): randexp.default {
  const maker = new RandExp(withoutUnknown(source));
  maker.max = REPEATS;
  maker.defaultRange.subtract(0, 0xffff);
  for (const [from, to] of ANY) maker.defaultRange.add(from, to);
  return maker;
}

/**
 * The library knows neither look-behinds nor properties of Unicode, such as `\p{L}`, and takes a range such as `\x00-\x1f`
 * for another.
 */
function withoutUnknown(source: string): string {
  const named = source.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|[\s\S])/g,
    (part, two?: string, four?: string) => {
      const code = two ?? four;
      if (code === undefined) return part;
      const character = String.fromCharCode(Number.parseInt(code, 16));
      return /[!-/:-@[-`{-~]/.test(character) ? `\\${character}` : character;
    },
  );
  return named.replace(/\(\?<[=!][^)]*\)/g, '').replace(/\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}/g, (part) => {
    const isClass = part.startsWith('[');
    return isClass ? part.replace(/\\[pP]\{[^}]*\}/g, 'a-z') : '[a-z]';
  });
}
