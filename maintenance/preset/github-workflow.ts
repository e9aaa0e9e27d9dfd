import { isMap, type Spot } from './spot.ts';

/** What GitHub knows in a workflow, in a job and in a step. Any other key makes the whole workflow invalid. */
const TOP = new Set('name run-name on permissions env defaults concurrency jobs'.split(' '));
const JOB = new Set(
  (
    'name needs if runs-on permissions environment concurrency outputs env defaults steps timeout-minutes strategy ' +
    'continue-on-error container services uses with secrets snapshot'
  ).split(' '),
);
const STEP = new Set(
  'id name if uses run with env shell working-directory continue-on-error timeout-minutes'.split(' '),
);

/** Texts of strangers: GitHub puts them into a script before the shell sees it. */
const UNTRUSTED =
  /github\s*\.\s*(head_ref|event\s*\.\s*[\w.\s*[\]]*\b(title|body|message|label|name|email|ref|page_name|display_title|head_branch)\b)/;

/**
 * The rules of a workflow that matter most: its keys, its jobs and steps, what needs what, its expressions, and texts of
 * strangers in scripts.
 */
export function workflowProblems(value: unknown): Spot[] {
  if (!isMap(value)) return [{ at: [], reason: 'is no workflow: it has no keys' }];
  const { jobs } = value;
  const missing = ['on', 'jobs'].filter((key) => value[key] === undefined);
  return [
    ...unknownKeys(value, TOP, [], 'a workflow'),
    ...missing.map((key): Spot => ({ at: [], reason: `has no "${key}"` })),
    ...(jobs === undefined || (isMap(jobs) && Object.keys(jobs).length > 0)
      ? []
      : [{ at: ['jobs'], reason: 'jobs is no map of jobs' }]),
    ...Object.entries(isMap(jobs) ? jobs : {}).flatMap(([name, job]) => jobProblems(job, ['jobs', name], jobs)),
    ...expressionProblems(value, []),
  ];
}

function jobProblems(job: unknown, at: Spot['at'], jobs: unknown): Spot[] {
  if (!isMap(job)) return [{ at, reason: `${at.at(-1)} is no job` }];
  const { steps, needs } = job;
  const wanted = (Array.isArray(needs) ? needs : [needs]).filter((need) => need !== undefined);
  const shape: Spot[] = [];
  if (typeof job.uses === 'string') {
    if (steps !== undefined) shape.push({ at, reason: 'a job with "uses" has no steps' });
  } else {
    if (job['runs-on'] === undefined) shape.push({ at, reason: 'the job has no "runs-on"' });
    if (!Array.isArray(steps) || steps.length === 0) shape.push({ at, reason: 'the job has no list of steps' });
  }
  return [
    ...unknownKeys(job, JOB, at, 'a job'),
    ...shape,
    ...wanted
      .filter((need) => !Object.hasOwn(Object(jobs) as object, String(need)))
      .map((need): Spot => ({ at: [...at, 'needs'], reason: `needs "${String(need)}", which is no job` })),
    ...(Array.isArray(steps) ? steps : []).flatMap((step, index) => stepProblems(step, [...at, 'steps', index])),
  ];
}

function stepProblems(step: unknown, at: Spot['at']): Spot[] {
  if (!isMap(step)) return [{ at, reason: 'is no step: a step is a map with "uses" or "run"' }];
  const { uses, run } = step;
  const one = [uses, run].filter((value) => value !== undefined);
  return [
    ...unknownKeys(step, STEP, at, 'a step'),
    ...(one.length === 1 && typeof one[0] === 'string' ? [] : [{ at, reason: 'a step has one text, "uses" or "run"' }]),
    ...(typeof run === 'string' && expressionsOf(run).some((inside) => UNTRUSTED.test(inside))
      ? [{ at: [...at, 'run'], reason: 'a script has a text of strangers in it: hand it over in "env"' }]
      : []),
  ];
}

function unknownKeys(map: Record<string, unknown>, known: ReadonlySet<string>, at: Spot['at'], what: string): Spot[] {
  return Object.keys(map)
    .filter((key) => !known.has(key))
    .map((key) => ({ at: [...at, key], reason: `"${key}" is no key of ${what}` }));
}

/** The texts between `${{` and `}}`. */
function expressionsOf(text: string): string[] {
  return [...text.matchAll(/\$\{\{(.*?)\}\}/gs)].map(([, inside = '']) => inside);
}

function expressionProblems(value: unknown, at: Spot['at']): Spot[] {
  if (typeof value === 'string') {
    const expressions = expressionsOf(value);
    const opened = value.split('${{').length - 1;
    if (opened > expressions.length) return [{ at, reason: 'an expression has a beginning and no end' }];
    return expressions.some((inside) => inside.trim() === '') ? [{ at, reason: 'an expression is empty' }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    expressionProblems(inside, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}
