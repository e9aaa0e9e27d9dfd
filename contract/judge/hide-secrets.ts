import { redactSecrets } from '../../engine/core/text/redact.ts';
import { isSecret, type Variable } from '../harness/schema/variables.ts';

/** What reports show of one text, in UTF-16 units. */
const MAX_SHOWN = 2000;
/** What is searched for secrets: more than is shown, since hiding a secret shortens the text. */
const MAX_SEARCHED = 4 * MAX_SHOWN;
/** Shorter values occur in too many texts by chance. */
const MIN_SECRET = 6;
/** The credentials that probes plant. They are no secret, and a line that shows one is the proof of a leak. */
const PLANTED = /(hunter2-do-not-[a-z]+)/;

/**
 * Takes secrets out of what a service said: the values that it was given, and texts that look like a secret.
 * @param env variables that the user gave the service
 * @param variables as the service describes them: it may call any of them secret
 * @param headers that the user has sent with every request: each value is secret
 */
export function secretHider(
  env: Readonly<Record<string, string>> = {},
  variables: readonly Variable[] = [],
  headers: Readonly<Record<string, string>> = {},
): (text: string) => string {
  const values = Object.entries(env).flatMap(([name, value]) => {
    const described = variables.find((variable) => variable.name === name);
    return secretsOf(described ?? { name, required: false, schema: {} }, value);
  });
  // Longest first: a URL before the password that is in it.
  const secrets = [...new Set([...values, ...Object.values(headers).flatMap(credentialsIn)].flatMap(writtenAs))]
    .filter(({ length }) => length >= MIN_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const known = secrets.reduce((result, secret) => result.replaceAll(secret, '***'), text);
    const isCut = known.length > MAX_SEARCHED;
    // A URL that was cut inside its password would not be recognised: the sign that ends a password is put back.
    const searched = isCut ? `${known.slice(0, MAX_SEARCHED)}@` : known;
    const hidden = searched
      .split(PLANTED)
      .map((part, at) => (at % 2 === 1 ? part : redactSecrets(part)))
      .join('');
    if (!isCut && hidden.length <= MAX_SHOWN) return hidden;
    return `${hidden.slice(0, MAX_SHOWN)} ... (${text.length} characters)`;
  };
}

function secretsOf(variable: Variable, value: string): string[] {
  const found = isSecret(variable) ? [value] : [];
  if (!URL.canParse(value)) return found;
  const { password } = new URL(value);
  if (password === '') return found;
  return [...found, password, decode(password)];
}

/** A header's value, and what follows the scheme in one such as `Bearer abc`. */
const credentialsIn = (value: string): string[] => [value, value.replace(/^\S+\s+/, '')];

/** The forms in which texts have a value: as it is, in JSON, in a URL, and line by line. */
function writtenAs(value: string): string[] {
  return [value, ...value.split(/\r?\n/)].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
  ]);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that encodes nothing stands for itself.
  }
}
