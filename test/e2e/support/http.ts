import { eventually } from './run.ts';

export type Answer = { status: number; body: string };

/** One GET; undefined where nothing answers, so that it can be asked again. */
export async function get(url: string): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), headers: { connection: 'close' } });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return undefined;
    throw error;
  }
}

/** Waits until `url` answers with `status`. */
export function answers(url: string, status = 200): Promise<Answer> {
  return eventually(`${status} from ${url}`, async () => {
    const answer = await get(url);
    return answer?.status === status ? answer : undefined;
  });
}
