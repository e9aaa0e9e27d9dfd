/** Plurals that no rule makes. */
const IRREGULAR = new Map(
  (
    'person:people child:children man:men woman:women foot:feet tooth:teeth goose:geese mouse:mice ox:oxen die:dice ' +
    'datum:data metadatum:metadata medium:media criterion:criteria phenomenon:phenomena stratum:strata ' +
    'analysis:analyses axis:axes basis:bases crisis:crises diagnosis:diagnoses emphasis:emphases hypothesis:hypotheses ' +
    'oasis:oases synopsis:synopses synthesis:syntheses thesis:theses matrix:matrices vertex:vertices quiz:quizzes ' +
    'leaf:leaves shelf:shelves half:halves knife:knives life:lives wife:wives loaf:loaves wolf:wolves ' +
    'hero:heroes potato:potatoes tomato:tomatoes echo:echoes cargo:cargoes ' +
    'cache:caches niche:niches headache:headaches movie:movies cookie:cookies tie:ties pie:pies selfie:selfies ' +
    'calorie:calories zombie:zombies axe:axes'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);
const SINGULARS = new Map([...IRREGULAR].map(([one, many]) => [many, one]).reverse() as [string, string][]);

/** The same for one and for many. */
const SAME = new Set(
  (
    'series species news information equipment software hardware firmware feedback sheep fish aircraft staff traffic ' +
    'research advice luggage'
  ).split(' '),
);

/** Singular, though it ends like a plural. */
const ONE = new Set(
  (
    'alias atlas bias canvas christmas gas pancreas chaos cosmos ethos lens plus ' +
    'aws css dns gps https js sms sos tls'
  ).split(' '),
);

/** Plural, though it ends like `status` or `analysis`. */
const MANY = new Set('menus skus gurus cpus gpus apis kpis taxis skis uris'.split(' '));

/** The English plural of a word, or of the last word of several joined by "-". `--plural` overrides it. */
export function pluralOf(name: string): string {
  return ofLastWord(name, (word) => {
    const irregular = IRREGULAR.get(word);
    if (irregular !== undefined) return irregular;
    if (SAME.has(word)) return word;
    if (/(s|x|z|ch|sh)$/.test(word)) return `${word}es`;
    return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
  });
}

/** The singular of a word that is a plural already: `invoice` of `invoices`. Nothing of any other word. */
export function singularOf(name: string): string | undefined {
  const singular = ofLastWord(name, oneOf);
  return singular === name ? undefined : singular;
}

function oneOf(word: string): string {
  const irregular = SINGULARS.get(word);
  if (irregular !== undefined) return irregular;
  if (SAME.has(word) || !word.endsWith('s') || word.length < 3 || isOne(word)) return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  const stem = word.slice(0, -2);
  // `boxes`, `statuses`, `aliases`; not `houses`.
  const isLonger = word.endsWith('es') && (/(ss|sh|ch|x|[^aou]us)$/.test(stem) || ONE.has(stem));
  return isLonger ? stem : word.slice(0, -1);
}

function isOne(word: string): boolean {
  return ONE.has(word) || (/(ss|us|is)$/.test(word) && !MANY.has(word));
}

function ofLastWord(name: string, change: (word: string) => string): string {
  const start = name.lastIndexOf('-') + 1;
  return `${name.slice(0, start)}${change(name.slice(start))}`;
}
