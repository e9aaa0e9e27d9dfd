/** Matches names of credentials in a query, a header or JSON. */
const NAMES = String.raw`[\w.-]*(?:token|secret|password|passwd|pwd|api[_-]?key|signature|credential)s?`;

/** Patterns of secrets in URLs and in the output of npm, git, ssh and services. The text around a secret is kept. */
const SECRETS: readonly [pattern: RegExp, shown: string][] = [
  // A password may contain a slash or an @. Digits before a slash are a port.
  [/\/\/[^\s/:@]*:(?!\d+\/)\S*@/g, '//***@'],
  // `git`, the usual user over ssh, is not a secret.
  [/\/\/(?!git@)[^\s/]*@/g, '//***@'],
  [/(_authToken|_auth|_password)(["']?\s*[=:]\s*["']?)[^\s"']+/gi, '$1$2***'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [new RegExp(`([?&;](?:${NAMES}|auth|code|sig)=)[^&\\s"'#;]+`, 'gi'), '$1***'],
  // In JSON and in headers.
  [new RegExp(`((["'])${NAMES}\\2\\s*:\\s*(["']))(?:(?!\\3)[^\\\\]|\\\\.)+`, 'gi'), '$1***'],
  [/\b((?:set-)?cookie|x-api-key|x-auth-token)(["']?\s*[=:]\s*["']?)[^"'\r\n]+/gi, '$1$2***'],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, '***'],
  [/\b(npm|gh[pousr])_[A-Za-z0-9]{10,}/g, '$1_***'],
  [/\bgithub_pat_\w{10,}/g, 'github_pat_***'],
  [/\bglpat-[\w-]{8,}/g, 'glpat-***'],
];

/** Replaces passwords and tokens in text. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce((result, [pattern, shown]) => result.replace(pattern, shown), text);
}
