/** What a secret looks like in the output of npm, git and ssh, and in a URL. The text around it is kept. */
const SECRETS: readonly [pattern: RegExp, shown: string][] = [
  // The user that everybody logs in as over ssh is no secret.
  [/\/\/(?!git@)[^\s/]*@/g, '//***@'],
  // A password with a slash in it; digits before the slash are a port.
  [/\/\/[^\s/:@]+:(?!\d+\/)[^\s@]*@/g, '//***@'],
  [/(_authToken|_auth|_password)(["']?\s*[=:]\s*["']?)[^\s"']+/gi, '$1$2***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [/\b(npm|gh[pousr]|github_pat)_\w{8,}/g, '$1_***'],
  [/\bglpat-[\w-]{8,}/g, 'glpat-***'],
];

/** Text in which no password and no token can be read any more. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((result, [pattern, shown]) => result.replace(pattern, shown), text);
}
