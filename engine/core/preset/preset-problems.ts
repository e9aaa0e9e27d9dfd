import type { Problem } from '../errors.ts';
import { parseRepoPath } from '../repo-path.ts';
import type { Preset, PresetQuestion } from './preset.ts';

type Locate = Preset['at'];

/** Checks that a schema cannot express: the choices and the default of a question must fit its type. */
export function questionProblems(value: unknown, at: Locate): Problem[] {
  const { questions = [] } = Object(value) as { questions?: PresetQuestion[] };
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((question, index): Problem[] => {
    const { name, type, choices, pattern, default: initial } = Object(question) as Partial<PresetQuestion>;
    const subject = at(['questions', index]);
    if (type === 'choice' && choices === undefined)
      return [{ subject, reason: `${name} is a choice and needs choices` }];
    if (type !== 'choice' && choices !== undefined)
      return [{ subject, reason: `${name} has choices, but its type is not choice` }];
    const kinds = { string: 'string', choice: 'string', integer: 'number', boolean: 'boolean' } as const;
    if (type !== 'string' && pattern !== undefined)
      return [{ subject, reason: `${name} has a pattern, but its type is not string` }];
    const isFit =
      initial === undefined ||
      type === undefined ||
      (typeof initial === kinds[type] && (choices === undefined || choices.includes(String(initial))));
    return isFit
      ? []
      : [{ subject: at(['questions', index, 'default']), reason: `the default of ${name} is not of type ${type}` }];
  });
}

/** Finds paths that leave the service or the preset. */
export function pathProblems(value: unknown, at: Locate): Problem[] {
  const { layers = [], remove = [], migrations = [], policy } = Object(value) as Partial<Preset>;
  const listed: [readonly (string | number)[], unknown][] = [
    ...asList(layers).map((layer, index): [(string | number)[], unknown] => [
      ['layers', index, 'path'],
      (Object(layer) as { path?: unknown }).path,
    ]),
    ...asList(remove).map((path, index): [(string | number)[], unknown] => [['remove', index], path]),
    ...asList((Object(policy) as { requiredFiles?: unknown }).requiredFiles).map(
      (path, index): [(string | number)[], unknown] => [['policy', 'requiredFiles', index], path],
    ),
    ...asList(migrations).flatMap((one, index) => {
      const { move = {}, delete: gone = [], set = [] } = Object(one) as Preset['migrations'][number];
      const paths = [
        ...Object.entries(Object(move)).flat(),
        ...asList(gone),
        ...asList(set).map((setting) => (Object(setting) as { file?: unknown }).file),
      ];
      return paths.map((path): [(string | number)[], unknown] => [['migrations', index], path]);
    }),
  ];
  return listed.flatMap(([where, path]): Problem[] => {
    if (typeof path !== 'string') return [];
    if (path.includes('{{'))
      return [{ subject: at(where), reason: `the path "${path}" has braces; an answer in a path is written __name__` }];
    try {
      parseRepoPath(path.replace(/__[A-Za-z][A-Za-z0-9]*__/g, 'x'));
      return [];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ subject: at(where), reason: error.message }];
    }
  });
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
