/** What a secret looks like in the output of npm, git and ssh, and in a URL. The text around it is kept. */
const SECRETS: readonly [pattern: RegExp, shown: string][] = [
  // A password may have a slash or an @ in it; digits before the slash are a port.
  [/\/\/[^\s/:@]+:(?!\d+\/)\S*@/g, '//***@'],
  // The user that everybody logs in as over ssh is no secret.
  [/\/\/(?!git@)[^\s/]*@/g, '//***@'],
  [/(_authToken|_auth|_password)(["']?\s*[=:]\s*["']?)[^\s"']+/gi, '$1$2***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [/\b(npm|gh[pousr])_[A-Za-z0-9]{10,}/g, '$1_***'],
  [/\bgithub_pat_\w{10,}/g, 'github_pat_***'],
  [/\bglpat-[\w-]{8,}/g, 'glpat-***'],
];

/** Text in which no password and no token can be read any more. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((result, [pattern, shown]) => result.replace(pattern, shown), text);
}
