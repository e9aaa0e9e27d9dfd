/** The name of a module, and of a variable: `invoice-mailer` is `invoice_mailer`. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * The name of a class: `InvoiceMailer`. Two names are never written alike: a digit that begins a word is kept apart, so `a-1b` is
 * `A_1b`.
 */
function className(name: string): string {
  return name
    .split('-')
    .map((word, at) => (at > 0 && /^\d/.test(word) ? '_' : '') + word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** See `StackCode.additionNames`. `urlEnv: 'STOCK_URL'` is the field `urlField: 'stock_url'`. */
export function additionNames(names: Readonly<Record<string, string>>): Record<string, string> {
  const { name = '' } = names;
  const fields = Object.entries(names).flatMap(([key, value]) =>
    key.endsWith('Env') ? [[key.replace(/Env$/, 'Field'), value.toLowerCase()] as const] : [],
  );
  return { module: moduleName(name), className: className(name), ...Object.fromEntries(fields) };
}
