import { Unseen } from '../wait.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORD = `${LETTERS}0123456789`;
/** What a dot stands for: passwords want some of each. */
const ANY = `${WORD}${LETTERS.toUpperCase()}-_!`;
const pick = <T>(from: readonly T[]): T => {
  const found = from[Math.floor(Math.random() * from.length)];
  if (found === undefined) throw new Unseen('a class of characters has none');
  return found;
};

/**
 * A random text that matches a regular expression, for the expressions that schemas use: literals, classes, groups,
 * alternatives and quantifiers. Assertions are read over, so the text is checked and drawn again.
 * @param accepts a further condition, such as a length
 * @throws Unseen when 500 draws gave no match
 */
export function samplePattern(source: string, accepts: (text: string) => boolean = () => true): string {
  const pattern = compile(source);
  for (let draw = 0; draw < 500; draw += 1) {
    const text = new Reader(source).alternatives();
    if (pattern.test(text) && accepts(text)) return text;
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
  throw new Unseen(`the pattern ${source} is none`);
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): string {
    const found = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      found.push(this.#sequence());
    }
    return pick(found);
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) text += this.#quantified();
    return text;
  }

  #quantified(): string {
    const start = this.#at;
    const once = this.#atom();
    const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#source.slice(this.#at));
    if (!quantifier) return once;
    const [all, low, comma, high] = quantifier;
    const least = low === undefined ? (all.startsWith('+') ? 1 : 0) : Number(low);
    const most = low === undefined ? (all.startsWith('?') ? 1 : least + 6) : comma ? Number(high || least + 6) : least;
    const times = least + Math.floor(Math.random() * (Math.min(most, least + 12) - least + 1));
    const end = this.#at + all.length;
    let text = '';
    for (let n = 0; n < times; n += 1) {
      this.#at = start;
      text += this.#atom();
    }
    this.#at = end;
    return text;
  }

  #atom(): string {
    const char = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (char === '^' || char === '$') return '';
    if (char === '.') return pick([...ANY]);
    if (char === '\\') return this.#escape();
    if (char === '[') return this.#class();
    if (char !== '(') return char;
    const marker = /^\?(?::|<?[=!]|<\w+>)/.exec(this.#source.slice(this.#at))?.[0] ?? '';
    this.#at += marker.length;
    const inner = this.alternatives();
    this.#at += 1;
    return /[=!]$/.test(marker) ? '' : inner;
  }

  #escape(): string {
    const char = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (char === 'd') return pick([...'0123456789']);
    if (char === 'w') return pick([...WORD]);
    if (char === 's') return ' ';
    if (char === 'b' || char === 'B') return '';
    if (char === 'p') {
      this.#at = this.#source.indexOf('}', this.#at) + 1;
      return pick([...ANY]);
    }
    return char;
  }

  #class(): string {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at += 1;
    const members: string[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ']') {
      // A hyphen behind `\w` and the like is one.
      const isSet = /^\\[dws]/.test(this.#source.slice(this.#at, this.#at + 2));
      const from = this.#member();
      if (isSet || this.#source[this.#at] !== '-' || this.#source[this.#at + 1] === ']') {
        members.push(from);
        continue;
      }
      this.#at += 1;
      const to = this.#member().charCodeAt(0);
      for (let code = from.charCodeAt(0); code <= to; code += 1) members.push(String.fromCharCode(code));
    }
    this.#at += 1;
    return pick(negated ? [...WORD].filter((char) => !members.includes(char)) : members);
  }

  #member(): string {
    const char = this.#source[this.#at] ?? '';
    this.#at += 1;
    return char === '\\' ? this.#escape() : char;
  }
}
