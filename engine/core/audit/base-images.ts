import { matchesGlob } from '../glob.ts';
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
 * Whether a policy's globs allow an image. All spellings of one image count, e.g. `node` and `docker.io/library/node`.
 */
export function isAllowedImage(image: string, globs: readonly string[]): boolean {
  const short = image.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '');
  const isOfHub = !/^([^/]*[.:][^/]*|localhost)\//.test(short);
  const spellings = [image, ...(isOfHub ? [short, `docker.io/${short.includes('/') ? '' : 'library/'}${short}`] : [])];
  return image !== '' && globs.some((glob) => spellings.some((spelling) => matchesGlob(glob, spelling)));
}
