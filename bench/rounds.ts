import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, timeProcess } from './process.ts';
import { ratiosOf, type Spread, spreadOf } from './statistics.ts';

/** What is measured: one process, again and again. */
export interface Subject<Workshop> {
  readonly id: string;
  readonly title: string;
  /** The most that the median ratio to the group's baseline may be. */
  readonly target?: number;
  /** Once, untimed. What it throws is the printed reason why the subject is not measured. */
  readonly prepare: (workshop: Workshop) => Task | Promise<Task>;
}

export interface Task {
  /** @param folder a new, empty folder for this run alone */
  readonly command: (folder: string) => Command;
  /** Throws if the run in `folder` did not do its work: a quick failure would look fast. */
  readonly check?: (folder: string) => void;
}

export interface Measured {
  readonly id: string;
  readonly title: string;
  readonly target?: number;
  /** Milliseconds, one a round. */
  readonly times: readonly number[];
  readonly ms: Spread;
  /** Absent if the baseline could not be measured. */
  readonly ratio?: Spread;
}

export interface Skipped {
  readonly id: string;
  readonly title: string;
  readonly skipped: string;
}

interface Entry {
  readonly subject: Subject<never>;
  readonly task: Task;
  readonly times: number[];
}

/**
 * prepare and check each subject -> A B C ... A B C ... -> ratios to the first subject, round by round
 * @param scratch an empty folder; each run gets one of its own below it, and all are left for the caller to remove
 */
export async function measureGroup<Workshop>(
  subjects: readonly Subject<Workshop>[],
  workshop: Workshop,
  rounds: number,
  scratch: string,
): Promise<(Measured | Skipped)[]> {
  const skipped = new Map<string, string>();
  const entries: Entry[] = [];
  for (const subject of subjects) {
    try {
      const task = await subject.prepare(workshop);
      await rehearse(subject.id, task, scratch);
      entries.push({ subject, task, times: [] });
    } catch (error) {
      skipped.set(subject.id, (error as Error).message);
    }
  }
  const sink = openSync('/dev/null', 'w');
  for (let round = 1; round <= rounds; round += 1) {
    for (const { subject, task, times } of entries) {
      if (skipped.has(subject.id)) continue;
      const { ms, failure } = await timeProcess(task.command(newFolder(scratch, `${subject.id}-${round}`)), sink);
      if (failure === undefined) times.push(ms);
      else skipped.set(subject.id, `${failure} in round ${round}`);
    }
  }
  closeSync(sink);
  const [first] = subjects;
  const baseline = entries.find((entry) => entry.subject.id === first?.id && !skipped.has(entry.subject.id))?.times;
  return subjects.map(({ id, title, target }) => {
    const reason = skipped.get(id);
    if (reason !== undefined) return { id, title, skipped: reason };
    const times = entries.find((entry) => entry.subject.id === id)?.times ?? [];
    return {
      id,
      title,
      ...(target === undefined ? {} : { target }),
      times,
      ms: spreadOf(times),
      ...(baseline === undefined ? {} : { ratio: spreadOf(ratiosOf(times, baseline)) }),
    };
  });
}

/** Twice untimed: the first run fills caches, the second is looked at. */
async function rehearse(id: string, task: Task, scratch: string): Promise<void> {
  for (const name of ['rehearsal-1', 'rehearsal-2']) {
    const folder = newFolder(scratch, `${id}-${name}`);
    const log = `${folder}.log`;
    const sink = openSync(log, 'w');
    const { failure } = await timeProcess(task.command(folder), sink);
    closeSync(sink);
    if (failure !== undefined) throw new Error(`${failure}: ${lastLine(readFileSync(log, 'utf8'))}`);
    task.check?.(folder);
  }
}

function newFolder(scratch: string, name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
