/** What reads as an option of ours and as nothing else. */
const OPTION = /^(--[a-z]|-[hvV]$)/;

/**
 * npm keeps the "--" that stands before our options; pnpm, yarn and bun hand it on: `-- orders --database none`, or
 * `orders -- --database none`. One that options stand behind ends none of ours.
 * @returns the words without it
 */
export function withoutSeparator(words: readonly string[]): readonly string[] {
  const at = words.indexOf('--');
  const isHandedOn = at === 0 || (at > 0 && OPTION.test(words[at + 1] ?? ''));
  return isHandedOn ? words.filter((_, index) => index !== at) : words;
}
