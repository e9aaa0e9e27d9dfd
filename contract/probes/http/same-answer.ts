import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import { sleep } from '../../harness/wait.ts';

/** How long the answers of two instances may differ, in milliseconds. */
export const SOON = 1000;

/** What instances of one service answer to the same request, which is repeated until they agree. */
interface SameAnswer {
  readonly ok: boolean;
  /** For evidence: the answer, or all that differ. */
  readonly got: string;
  readonly status: number;
  readonly text: string;
}

/** Asks all of them until their answers are the same except for their own addresses, for SOON at most. */
export async function askAll(instances: readonly Endpoint[], path: string): Promise<SameAnswer> {
  const from = performance.now();
  for (;;) {
    const answers: Answer[] = await Promise.all(instances.map((one) => askOne(one, path)));
    const { status = 0, text = '' } = answers[0] ?? {};
    const ok = answers.every((answer) => answer.status === status && answer.text === text);
    if (ok || performance.now() - from > SOON)
      return { ok, status, text, got: [...new Set(answers.map(describe))].join(' and ') };
    await sleep(20);
  }
}

/** Services make links from the Host header, and each instance has another port. */
async function askOne(instance: Endpoint, path: string): Promise<Answer> {
  const answer = await instance.ask(path);
  return { ...answer, text: answer.text.replaceAll(new URL(instance.url).host, '{host}') };
}
