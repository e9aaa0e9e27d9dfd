import type { Subject } from '../subject.ts';

/** The environment in which a Node process runs `code`, an ES module, before its own, and keeps the options that its user gave. */
export function preload({ target }: Subject, code: string): { readonly NODE_OPTIONS: string } {
  const option = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  return { NODE_OPTIONS: [target.env?.NODE_OPTIONS, option].filter(Boolean).join(' ') };
}
