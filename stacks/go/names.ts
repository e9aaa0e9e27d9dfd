/** Words that Go's style has in one case: `URL` or `url`, never `Url`. */
export const INITIALISMS: ReadonlySet<string> = new Set(
  (
    'acl api ascii cpu css dns eof gid guid html http https id ip json qps ram rpc sku sla smtp sql ssh tcp tls ttl udp ui uid ' +
    'uri url utf8 uuid vm xml xmpp xsrf xss'
  ).split(' '),
);

/**
 * The words of a name, `stock-url` or `STOCK_URL`, as Go writes them in an exported name: `StockURL`. Two names are never written
 * alike: a digit that begins a word and letters that stand alone are kept apart, so `a-1b` is `A_1b`, and `i-d` is no `ID`.
 */
export function exportedName(name: string): string {
  const words = name.toLowerCase().split(/[-_]/);
  const isPlain = words.every((word) => word.length > 1);
  return words
    .map((word, at) => {
      const isApart = /^\d/.test(word) || (word.length === 1 && words[at - 1]?.length === 1);
      return (
        (isApart && at > 0 ? '_' : '') + (isPlain && INITIALISMS.has(word) ? word.toUpperCase() : capitalised(word))
      );
    })
    .join('');
}

/** The same for a name that only its own package knows: `stockURL`, `urlShortener`. */
export function localName(name: string): string {
  const [first = ''] = name.toLowerCase().split(/[-_]/);
  return first + exportedName(name).slice(first.length);
}

/** The name of a package, and of its folder: Go joins words without a sign. */
export function packageName(name: string): string {
  return name.replaceAll('-', '');
}

/** See `StackCode.additionNames`. `urlEnv: 'STOCK_URL'` is the variable `urlVar: 'StockURL'`; a duration says no unit. */
export function additionNames(names: Readonly<Record<string, string>>): Record<string, string> {
  const { name = '' } = names;
  const variables = Object.entries(names).flatMap(([key, value]) =>
    key.endsWith('Env') ? [[key.replace(/Env$/, 'Var'), exportedName(value.replace(/_MS$/, ''))] as const] : [],
  );
  return {
    exportedName: exportedName(name),
    localName: localName(name),
    packageName: packageName(name),
    ...Object.fromEntries(variables),
  };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
