import { isMap, type Spot } from './spot.ts';

/** What is no job at the top of a pipeline. */
const GLOBAL = new Set(
  'after_script before_script cache default image include services spec stages variables workflow'.split(' '),
);
const JOB = new Set(
  (
    'after_script allow_failure artifacts before_script cache coverage dast_configuration dependencies environment except ' +
    'extends hooks id_tokens identity image inherit interruptible manual_confirmation needs only pages parallel publish ' +
    'release resource_group retry rules run script secrets services stage start_in tags timeout trigger variables when'
  ).split(' '),
);
const SCRIPTS = ['script', 'before_script', 'after_script'];
const STAGES = ['build', 'test', 'deploy'];

/** The rules of a pipeline that matter most: its jobs, their keys, scripts that are lists of texts, stages and needs. */
export function pipelineProblems(value: unknown): Spot[] {
  if (!isMap(value)) return [{ at: [], reason: 'is not a pipeline: it has no keys' }];
  const stages = ['.pre', ...(Array.isArray(value.stages) ? value.stages : STAGES), '.post'];
  // A stage or a job may come from a file that is included.
  const isWhole = value.include === undefined;
  return [
    ...scriptProblems(value, []),
    ...Object.entries(value).flatMap(([name, job]) => {
      if (GLOBAL.has(name) || name.startsWith('.')) return [];
      if (!isMap(job)) return [{ at: [name], reason: `${name} is not a job: a job is a map` }];
      return [...jobProblems(job, name), ...(isWhole ? placeProblems(job, name, stages, value) : [])];
    }),
  ];
}

function jobProblems(job: Record<string, unknown>, name: string): Spot[] {
  const unknown = Object.keys(job).filter((key) => !JOB.has(key));
  const runs = ['script', 'run', 'trigger', 'extends'].some((key) => job[key] !== undefined);
  return [
    ...unknown.map((key) => ({ at: [name, key], reason: `"${key}" is not a key of a job` })),
    ...(runs ? [] : [{ at: [name], reason: `the job ${name} has no script` }]),
    ...scriptProblems(job, [name]),
  ];
}

function placeProblems(
  { stage = 'test', needs }: Record<string, unknown>,
  name: string,
  stages: readonly unknown[],
  jobs: Record<string, unknown>,
): Spot[] {
  const wanted = (Array.isArray(needs) ? needs : []).map((need: unknown) => (isMap(need) ? need.job : need));
  return [
    ...(stages.includes(stage) ? [] : [{ at: [name, 'stage'], reason: `"${String(stage)}" is not a stage` }]),
    ...wanted
      .filter((need) => typeof need === 'string' && !Object.hasOwn(jobs, need))
      .map((need) => ({ at: [name, 'needs'], reason: `needs "${String(need)}", which is not a job` })),
  ];
}

function scriptProblems(holder: Record<string, unknown>, at: Spot['at']): Spot[] {
  return SCRIPTS.flatMap((key) => {
    const lines = holder[key];
    if (lines === undefined || typeof lines === 'string') return [];
    if (!Array.isArray(lines)) return [{ at: [...at, key], reason: `${key} is not a list of commands` }];
    return lines.flatMap((line: unknown, index) =>
      [line].flat(9).every((one) => typeof one === 'string')
        ? []
        : [
            {
              at: [...at, key, index],
              reason: `${key} has what is not a command: steps of another CI do not work here, and a command with ": " needs quotes`,
            },
          ],
    );
  });
}
