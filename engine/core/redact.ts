/** Names of credentials in a query, a header or JSON. */
const NAMES = String.raw`[\w.-]*(?:token|secret|password|passwd|pwd|api[_-]?key|signature|credential)s?`;

/** What a secret looks like in the output of npm, git, ssh and services, and in a URL. The text around it is kept. */
const SECRETS: readonly [pattern: RegExp, shown: string][] = [
  // A password may have a slash or an @ in it; digits before the slash are a port.
  [/\/\/[^\s/:@]*:(?!\d+\/)\S*@/g, '//***@'],
  // The user that everybody logs in as over ssh is no secret.
  [/\/\/(?!git@)[^\s/]*@/g, '//***@'],
  [/(_authToken|_auth|_password)(["']?\s*[=:]\s*["']?)[^\s"']+/gi, '$1$2***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [new RegExp(`([?&;](?:${NAMES}|auth|code|sig)=)[^&\\s"'#;]+`, 'gi'), '$1***'],
  // As JSON and as a header have them.
  [new RegExp(`((["'])${NAMES}\\2\\s*:\\s*(["']))(?:(?!\\3)[^\\\\]|\\\\.)+`, 'gi'), '$1***'],
  [/\b((?:set-)?cookie|x-api-key|x-auth-token)(["']?\s*[=:]\s*["']?)[^"'\r\n]+/gi, '$1$2***'],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, '***'],
  [/\b(npm|gh[pousr])_[A-Za-z0-9]{10,}/g, '$1_***'],
  [/\bgithub_pat_\w{10,}/g, 'github_pat_***'],
  [/\bglpat-[\w-]{8,}/g, 'glpat-***'],
];

/** Text in which no password and no token can be read any more. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((result, [pattern, shown]) => result.replace(pattern, shown), text);
}
