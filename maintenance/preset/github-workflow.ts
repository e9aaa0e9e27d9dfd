import { expressionProblems, expressionsOf, type Scope } from './github-expression.ts';
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

const NO_VERSION = '"uses" has no version: write OWNER/NAME@REF';

/** Texts of strangers: GitHub puts them into a script before the shell sees it. */
const UNTRUSTED =
  /github\s*\.\s*(head_ref|event\s*\.\s*[\w.\s*[\]]*\b(title|body|message|label|name|email|ref|page_name|display_title|head_branch)\b)/;

/**
 * The rules of a workflow that matter most: its keys, its jobs and steps, what needs what, its expressions, and texts of
 * strangers in scripts.
 */
export function workflowProblems(value: unknown): Spot[] {
  if (!isMap(value)) return [{ at: [], reason: 'is not a workflow: it has no keys' }];
  const { jobs } = value;
  const missing = ['on', 'jobs'].filter((key) => value[key] === undefined);
  return [
    ...unknownKeys(value, TOP, [], 'a workflow'),
    ...missing.map((key): Spot => ({ at: [], reason: `has no "${key}"` })),
    ...(jobs === undefined || (isMap(jobs) && Object.keys(jobs).length > 0)
      ? []
      : [{ at: ['jobs'], reason: 'jobs is not a map of jobs' }]),
    ...Object.entries(isMap(jobs) ? jobs : {}).flatMap(([name, job]) => jobProblems(job, ['jobs', name], jobs)),
    ...expressionSpots(value, [], value),
  ];
}

function jobProblems(job: unknown, at: Spot['at'], jobs: unknown): Spot[] {
  if (!isMap(job)) return [{ at, reason: `${at.at(-1)} is not a job` }];
  const { steps, needs } = job;
  const wanted = (Array.isArray(needs) ? needs : [needs]).filter((need) => need !== undefined);
  const shape: Spot[] = [];
  if (typeof job.uses === 'string') {
    if (!/^\.\/|^[^@]+@./.test(job.uses)) shape.push({ at: [...at, 'uses'], reason: NO_VERSION });
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
      .map((need): Spot => ({ at: [...at, 'needs'], reason: `needs "${String(need)}", which is not a job` })),
    ...(Array.isArray(steps) ? steps : []).flatMap((step, index) => stepProblems(step, [...at, 'steps', index])),
  ];
}

function stepProblems(step: unknown, at: Spot['at']): Spot[] {
  if (!isMap(step)) return [{ at, reason: 'is not a step: a step is a map with "uses" or "run"' }];
  const { uses, run } = step;
  const foreign = (run === undefined ? ['shell', 'working-directory'] : ['with']).filter(
    (key) => step[key] !== undefined,
  );
  const one = [uses, run].filter((value) => value !== undefined);
  return [
    ...unknownKeys(step, STEP, at, 'a step'),
    ...(one.length === 1 && typeof one[0] === 'string' ? [] : [{ at, reason: 'a step has one text, "uses" or "run"' }]),
    ...foreign.map((key) => ({
      at: [...at, key],
      reason: `"${key}" belongs to "${key === 'with' ? 'uses' : 'run'}"`,
    })),
    ...(typeof uses === 'string' && !/^\.\/|^docker:\/\/|^[^@]+@./.test(uses)
      ? [{ at: [...at, 'uses'], reason: NO_VERSION }]
      : []),
    ...(typeof run === 'string' && expressionsOf(run).some((inside) => UNTRUSTED.test(inside))
      ? [{ at: [...at, 'run'], reason: 'a script has a text of strangers in it: hand it over in "env"' }]
      : []),
  ];
}

function unknownKeys(map: Record<string, unknown>, known: ReadonlySet<string>, at: Spot['at'], what: string): Spot[] {
  return Object.keys(map)
    .filter((key) => !known.has(key))
    .map((key) => ({ at: [...at, key], reason: `"${key}" is not a key of ${what}` }));
}

/** Problems of all expressions in a value of a workflow. */
function expressionSpots(value: unknown, at: Spot['at'], workflow: unknown): Spot[] {
  if (typeof value === 'string') {
    const isCondition = /^jobs,[^,]*,(steps,\d+,)?if$/.test(at.join()) && !value.includes('${{');
    const expressions = isCondition ? [value] : expressionsOf(value);
    if (value.split('${{').length - 1 > expressions.length)
      return [{ at, reason: 'an expression has a beginning and no end' }];
    const reasons = expressions.flatMap((one) => expressionProblems(one, scopeAt(at, workflow)));
    return [...new Set(reasons)].map((reason) => ({ at, reason }));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    expressionSpots(inside, [...at, Array.isArray(value) ? Number(key) : key], workflow),
  );
}

/** A step sees the steps before it; what a job gives away sees all of them. */
function scopeAt([top, name = '', key, index]: Spot['at'], workflow: unknown): Scope {
  const jobs = isMap(workflow) ? workflow.jobs : undefined;
  const job = isMap(jobs) ? jobs[name] : undefined;
  if (top !== 'jobs' || !isMap(job)) return {};
  const needs = lowered([job.needs].flat());
  if (key !== 'steps' && key !== 'outputs' && key !== 'environment') return { needs };
  const steps: readonly unknown[] = Array.isArray(job.steps) ? job.steps : [];
  const seen = key === 'steps' ? steps.slice(0, Number(index)) : steps;
  return { needs, steps: lowered(seen.map((step) => (isMap(step) ? step.id : undefined))) };
}

function lowered(names: readonly unknown[]): ReadonlySet<string> {
  return new Set(names.map((name) => String(name).toLowerCase()));
}
