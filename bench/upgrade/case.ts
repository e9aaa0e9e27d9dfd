/**
 * One template in two versions, and a service whose team edited what came out of the first: the same bytes for every tool.
 * `NAME` stands for the tool's way of writing the service's name.
 */
interface UpgradeCase {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** What the team did: a new text, or `undefined` for a file that it deleted. */
  readonly team: Readonly<Record<string, string | undefined>>;
}

/** What happened to one edit. */
type Fate = 'both kept' | 'conflict shown' | 'template lost' | 'EDIT LOST' | 'came back' | 'left behind';

export interface Edit {
  readonly title: string;
  /** @param read the text at a path after the update, if there is one */
  readonly fate: (read: (path: string) => string | undefined) => Fate;
}

const SETTINGS = Array.from({ length: 12 }, (_, index) => `setting_${index} = ${index}\n`).join('');
const moved = (text: string) => text.replace('setting_9 = 9', 'setting_9 = 90');
const edited = (text: string) => text.replace('setting_2 = 2', 'setting_2 = 22 # ours');
const clash = (text: string) => text.replace('setting_9 = 9', 'setting_9 = 99 # ours');
const FILLER = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`config/part-${index}.ini`, `# NAME\n${SETTINGS}`]),
);
const MANIFEST = (fastify: string) =>
  `{\n  "name": "NAME",\n  "dependencies": {\n    "fastify": "${fastify}"\n  }\n}\n`;

export const CASE: UpgradeCase = {
  before: {
    ...FILLER,
    'elsewhere.ini': SETTINGS,
    'same-line.ini': SETTINGS,
    'deleted.ini': SETTINGS,
    'renamed.ini': SETTINGS,
    'old-name.ini': SETTINGS,
    'removed.ini': SETTINGS,
    'crlf.ini': SETTINGS,
    'manifest.json': MANIFEST('5.0.0'),
  },
  after: {
    ...FILLER,
    'elsewhere.ini': moved(SETTINGS),
    'same-line.ini': moved(SETTINGS),
    'deleted.ini': moved(SETTINGS),
    'renamed.ini': moved(SETTINGS),
    'new-name.ini': moved(SETTINGS),
    'crlf.ini': moved(SETTINGS),
    'manifest.json': MANIFEST('5.1.0'),
  },
  team: {
    'elsewhere.ini': edited(SETTINGS),
    'same-line.ini': clash(SETTINGS),
    'deleted.ini': undefined,
    'renamed.ini': undefined,
    'our-name.ini': edited(SETTINGS),
    'old-name.ini': edited(SETTINGS),
    'removed.ini': edited(SETTINGS),
    'crlf.ini': edited(SETTINGS).replaceAll('\n', '\r\n'),
    'manifest.json': MANIFEST('5.0.0').replace('"fastify": "5.0.0"', '"fastify": "5.0.0",\n    "ours": "1.0.0"'),
  },
};

const MARKER = /^(<{7}|>{7})/m;

/** Both edits in one text, a conflict that a person sees, or what is gone. */
function judge(text: string | undefined, ours: string, theirs: string): Fate {
  if (text === undefined || !text.includes(ours)) return 'EDIT LOST';
  if (MARKER.test(text)) return 'conflict shown';
  return text.includes(theirs) ? 'both kept' : 'template lost';
}

const OURS = 'setting_2 = 22 # ours';
const THEIRS = 'setting_9 = 90';

export const EDITS: readonly Edit[] = [
  { title: 'another line of the same file', fate: (read) => judge(read('elsewhere.ini'), OURS, THEIRS) },
  { title: 'the same line', fate: (read) => judge(read('same-line.ini'), 'setting_9 = 99 # ours', THEIRS) },
  {
    title: 'the team deleted the file',
    fate: (read) => (read('deleted.ini') === undefined ? 'both kept' : 'came back'),
  },
  {
    title: 'the team renamed the file',
    fate: (read) => (read('renamed.ini') === undefined ? judge(read('our-name.ini'), OURS, THEIRS) : 'came back'),
  },
  {
    title: 'the template renamed the file',
    fate: (read) => {
      const fate = judge(read('new-name.ini'), OURS, THEIRS);
      if (fate !== 'EDIT LOST') return fate;
      const old = read('old-name.ini');
      return old === undefined ? fate : MARKER.test(old) ? 'conflict shown' : 'left behind';
    },
  },
  {
    title: 'the template removed the file',
    fate: (read) => {
      const text = read('removed.ini');
      if (text === undefined || !text.includes(OURS)) return 'EDIT LOST';
      return MARKER.test(text) ? 'conflict shown' : 'left behind';
    },
  },
  {
    title: 'line ends became CRLF',
    fate: (read) => {
      const text = read('crlf.ini');
      return text?.replaceAll('\r\n', '').includes('\n') ? 'template lost' : judge(text, OURS, THEIRS);
    },
  },
  {
    title: 'a dependency beside one that the template moved',
    fate: (read) => judge(read('manifest.json'), '"ours": "1.0.0"', '"fastify": "5.1.0"'),
  },
];
