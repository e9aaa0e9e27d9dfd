// No library keeps this: no credential is in a line of the log, wherever in it it would stand.
const secrets = new Set<string>();

const credentialsInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"@]+@/gi;
const sensitiveField =
  /("[^"\\]*(?:authorization|cookie|password|secret|token|api[-_]?key)[^"\\]*":)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi;

/**
 * From now on `redact` blanks this value, and the password in it if it is a URL. Very short ones are
 * left: they would blank ordinary words.
 */
export function hide(secret: string): void {
  // As it stands inside a JSON string.
  if (secret.length >= 6) secrets.add(JSON.stringify(secret).slice(1, -1));
  if (URL.canParse(secret)) hide(new URL(secret).password);
}

/** A line of JSON without credentials: known secrets, user info of URLs, fields named like a secret. */
export function redact(line: string): string {
  let safe = line.replace(credentialsInUrl, "$1***@").replace(sensitiveField, '$1"***"');
  for (const secret of secrets) safe = safe.replaceAll(secret, "***");
  return safe;
}
