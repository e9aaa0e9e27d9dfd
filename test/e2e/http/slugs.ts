import { json, mismatch, type Row } from './row.ts';

const SLUGS = '/slugs';

/** The route of a service that stores nothing. */
export const ROWS_OF_SLUGS: readonly Row[] = [
  ...(
    [
      ['Hello, World', 'hello-world'],
      ['  Crème brûlée!  ', 'creme-brulee'],
      ['Ñandú №2', 'nandu-no2'],
      ['日本語 タイトル', '日本語-タイトル'],
      ['ﬁne ½ ①', 'fine-1-2-1'],
      ['ÀÉÎ İstanbul ẞ', 'aei-istanbul-ß'],
      ['ΟΔΟΣ', 'οδος'],
      ['a_b-c.d', 'a-b-c-d'],
      ['\u{1d7d9}\u{1f600}x', '1-x'],
      ['!!!', ''],
    ] as const
  ).map(([title, slug]) => ({
    title: `the slug of ${title}`,
    send: json(SLUGS, { title }),
    answer: { status: 200, headers: { 'content-type': /^application\/json/ }, body: { slug }, route: SLUGS },
  })),
  {
    title: 'a title of 200 characters',
    send: json(SLUGS, { title: 't'.repeat(200) }),
    answer: { status: 200, route: SLUGS },
  },
  ...[
    {},
    { title: ' ' },
    { title: '' },
    { title: '\u00a0' },
    { title: 't'.repeat(201) },
    { title: 1 },
    { title: null },
  ].map((body) => ({
    title: `no slug of ${JSON.stringify(body).slice(0, 20)}`,
    send: json(SLUGS, body),
    answer: mismatch(SLUGS, 'body /title'),
  })),
];
