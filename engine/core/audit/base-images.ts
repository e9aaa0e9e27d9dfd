import { globsMeet, matchesGlob } from '../glob.ts';
import { instructions } from './dockerfile.ts';

/** An image that a Dockerfile builds on. */
interface BaseImage {
  /** Without tag and digest. Empty if the Dockerfile does not say which image it is. */
  readonly image: string;
  /** Line of its FROM, from 1. */
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
 * Whether a policy allows an image. All spellings of one image count, e.g. `node` and `docker.io/library/node`.
 * @param lists of globs; the image has to match one of each
 */
export function isAllowedImage(image: string, lists: readonly (readonly string[])[]): boolean {
  const all = spellings(image);
  const isIn = (globs: readonly string[]) => globs.some((glob) => all.some((spelling) => matchesGlob(glob, spelling)));
  return image !== '' && lists.every(isIn);
}

/** Whether some image is allowed by both lists of globs. */
export function imagesMeet(one: readonly string[], other: readonly string[]): boolean {
  return one.some((glob) => spellings(glob).some((spelling) => other.some((another) => globsMeet(spelling, another))));
}

function spellings(image: string): string[] {
  const short = image.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  const isOfHub = !/^([^/]*[.:][^/]*|localhost)\//.test(short);
  return [image, ...(isOfHub ? [short, `docker.io/${short.includes('/') ? '' : 'library/'}${short}`] : [])];
}
