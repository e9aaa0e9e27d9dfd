import { ratiosOf, type Spread, spreadOf } from '../statistics.ts';

/** What one sample says; a subject need not have all of them. */
export interface Figures {
  /** Requests a second. */
  readonly rate?: number;
  /** Microseconds of processor time for each request. */
  readonly processor?: number;
  /** Milliseconds. */
  readonly time?: number;
  /** Megabytes. */
  readonly size?: number;
}
export type Figure = keyof Figures;

/** Something that runs, or can be run, as often as there are rounds. */
export interface Subject {
  readonly sample: () => Promise<Figures>;
  readonly close?: () => Promise<void>;
}

/** A service of the template, and what somebody writes by hand for the same. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  /** Options of the generator, for the service that is measured. */
  readonly options: readonly string[];
  /**
   * @param folder the service, installed and built
   * @param generator the program that made it
   */
  readonly service: (folder: string, generator: string) => Promise<Subject>;
  /** Absent where nothing by hand compares: then the target is of the figure itself. */
  readonly bare?: (folder: string, generator: string) => Promise<Subject>;
  /** Of the ratio, or of the figure without `bare`: at least of a rate, at most of anything else. */
  readonly targets: Figures;
  /** Fewer rounds where one takes long. */
  readonly rounds?: number;
}

export interface Row {
  readonly title: string;
  readonly figure: Figure;
  readonly service: number;
  readonly bare?: number;
  readonly ratio?: Spread;
  readonly target?: number;
}

/** service, bare, service, bare ... -> for each figure the medians, and the ratio of the same round. */
export async function compare(
  comparison: Comparison,
  folder: string,
  generator: string,
  rounds: number,
): Promise<Row[]> {
  const subjects: Subject[] = [];
  const found: Figures[][] = [[], []];
  try {
    for (const prepare of [comparison.service, comparison.bare]) {
      if (prepare !== undefined) subjects.push(await prepare(folder, generator));
    }
    for (let round = 0; round < Math.min(rounds, comparison.rounds ?? rounds); round += 1) {
      for (const [at, { sample }] of subjects.entries()) found[at]?.push(await sample());
    }
  } finally {
    for (const { close } of subjects) await close?.();
  }
  const [service = [], bare = []] = found;
  const figures = Object.keys(service[0] ?? {}) as Figure[];
  return figures.map((figure) => rowOf(comparison, figure, valuesOf(service, figure), valuesOf(bare, figure)));
}

function rowOf({ title, targets }: Comparison, figure: Figure, service: number[], bare: number[]): Row {
  const target = targets[figure];
  return {
    title,
    figure,
    service: spreadOf(service).median,
    ...(bare.length > 0 && { bare: spreadOf(bare).median, ratio: spreadOf(ratiosOf(service, bare)) }),
    ...(target !== undefined && { target }),
  };
}

function valuesOf(samples: Figures[], figure: Figure): number[] {
  return samples.map((sample) => sample[figure] ?? Number.NaN);
}
