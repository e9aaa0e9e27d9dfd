/** The name of a module: `invoice-mailer` is `invoice_mailer`. */
function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

/** The name of a constant, which no keyword and nothing of Python's own has: `NEW_CHECKOUT`. */
export function constantName(name: string): string {
  return moduleName(name).toUpperCase();
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
  const own = { module: moduleName(name), className: className(name), constantName: constantName(name) };
  return { ...own, ...Object.fromEntries(fields) };
}
