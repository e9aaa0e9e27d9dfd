import { matchesGlob } from '../glob.ts';

/** An image that a Dockerfile builds on. */
export interface BaseImage {
  /** Without tag and digest. Empty if the Dockerfile does not say which image it is. */
  readonly image: string;
  /** Line of its FROM, from 1. */
  readonly line: number;
}

interface Instruction {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** The images of every FROM, with the defaults of ARG. Stages of the same file and `scratch` are left out. */
export function baseImages(dockerfile: string): BaseImage[] {
  const defaults = new Map<string, string>();
  const stages = new Set<string>(['scratch']);
  const images: BaseImage[] = [];
  let isBeforeFrom = true;
  for (const { name, text, line } of instructions(dockerfile)) {
    if (name === 'ARG' && isBeforeFrom) {
      for (const [, key = '', value = ''] of text.matchAll(/(?:^|\s)(\w+)=("[^"]*"|'[^']*'|\S*)/g))
        defaults.set(key, substitute(value.replace(/^(["'])(.*)\1$/, '$2'), defaults));
    }
    if (name !== 'FROM') continue;
    isBeforeFrom = false;
    const [image = '', as, stage] = text.split(/\s+/).filter((word) => !word.startsWith('--'));
    const filled = substitute(image, defaults);
    if (!stages.has(filled.toLowerCase())) images.push({ image: withoutTag(filled), line });
    if (as?.toUpperCase() === 'AS' && stage !== undefined) stages.add(stage.toLowerCase());
  }
  return images;
}

/** Joins continued lines of a Dockerfile. Comments and the bodies of here-documents are left out. */
function* instructions(dockerfile: string): Generator<Instruction> {
  const escaping = /^#\s*escape\s*=\s*`/im.test(dockerfile.slice(0, 200)) ? '`' : '\\';
  const lines = dockerfile.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let text = (lines[at] ?? '').trim();
    if (text === '' || text.startsWith('#')) continue;
    while (text.endsWith(escaping) && at + 1 < lines.length) {
      at += 1;
      const next = (lines[at] ?? '').trim();
      if (!next.startsWith('#')) text = `${text.slice(0, -1).trimEnd()} ${next}`;
    }
    const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(text) ?? [];
    yield { name: name.toUpperCase(), text: rest.trim(), line };
    if (!/^(RUN|COPY|ADD)$/i.test(name)) continue;
    for (const [, end = ''] of rest.matchAll(/(?:^|\s)\d*<<-?["']?(\w+)["']?(?=\s|$)/g)) {
      const found = lines.findIndex((one, index) => index > at && one.trim() === end);
      // A here-document without an end is not one, so the lines after it count.
      if (found !== -1) at = found;
    }
  }
}

/** Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. A name without a value becomes empty. */
function substitute(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain?: string, braced?: string, operator?: string, other = '') => {
      const value = values.get(plain ?? braced ?? '') ?? '';
      if (operator === '+') return value === '' ? '' : other;
      return value === '' && operator === '-' ? other : value;
    },
  );
}

/** Turns `registry:5000/node:22@sha256:...` into `registry:5000/node`. */
function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/**
 * Whether a policy's globs allow an image. All spellings of one image count, e.g. `node` and `docker.io/library/node`.
 */
export function isAllowedImage(image: string, globs: readonly string[]): boolean {
  const short = image.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  const isOfHub = !/^([^/]*[.:][^/]*|localhost)\//.test(short);
  const spellings = [image, ...(isOfHub ? [short, `docker.io/${short.includes('/') ? '' : 'library/'}${short}`] : [])];
  return image !== '' && globs.some((glob) => spellings.some((spelling) => matchesGlob(glob, spelling)));
}
