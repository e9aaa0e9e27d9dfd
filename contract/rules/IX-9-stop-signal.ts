import { imageConfig } from '../harness/image/docker.ts';
import { describeExit } from '../harness/process/process.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Within this time an engine kills what it has asked to stop, in milliseconds. */
const STOP_MS = 10_000;
/** What is said of a process that a signal ended: killed, or out of memory. */
const KILLED = 137;

export const rule: Rule = {
  id: 'IX-9',
  level: 'MUST',
  factor: 'IX. Disposability',
  promises: { 'twelve-factor': 'An image that names a STOPSIGNAL stops by it as it does by SIGTERM.' },
  why: 'Engines and clusters send the signal that the image names, and no other, before they kill. If the program does not know it, every stop is a kill.',
  mend: 'Take STOPSIGNAL out of the Dockerfile, and of its base image by `STOPSIGNAL SIGTERM`, or handle the signal that it names.',
  thresholds: [`it has ended ${STOP_MS / 1000} s after the signal`],
  byHand: [
    "docker image inspect --format '{{.Config.StopSignal}}' $IMAGE",
    'docker run --rm $IMAGE & sleep 5; docker stop $(docker ps -lq)',
  ],
  applies: async (subject) => {
    const { target } = subject;
    if (target.kind !== 'image') return 'the target is not an image';
    const { StopSignal } = await imageConfig(target.image);
    const isUsual = StopSignal === undefined || ['', 'SIGTERM', 'TERM', '15'].includes(StopSignal);
    return all(isUsual ? 'the image names no other signal than SIGTERM' : true, subject.runs());
  },
  async check(harness) {
    const { target } = harness.subject;
    if (target.kind !== 'image') throw new Error('only an image names a signal');
    const { StopSignal = '' } = await imageConfig(target.image);
    const service = await harness.start();
    // The engine takes names and numbers alike.
    await service.signal(StopSignal as NodeJS.Signals);
    const exit = await service.child.ended(STOP_MS).catch(() => undefined);
    const isClean = harness.asks('house') ? exit?.code === 0 : exit !== undefined && exit.code !== KILLED;
    harness.saw({
      sent: `${StopSignal}, the STOPSIGNAL of the image`,
      expected: `${harness.asks('house') ? 'exit 0' : 'an end that is no kill'} within ${STOP_MS / 1000} s`,
      got: describeExit(exit),
      ok: isClean,
    });
    return harness.evidence;
  },
};
