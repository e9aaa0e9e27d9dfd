import { describe } from '../harness/http/ask.ts';
import { imageConfig } from '../harness/image/docker.ts';
import { describeExit, isCleanStop } from '../harness/process/process.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'V-2',
  level: 'MUST',
  factor: 'V. Build, release, run',
  promises: {
    kubernetes:
      'An image runs as a numeric user that is not root, without capabilities, on a read-only root file system.',
  },
  why: 'Hardened clusters demand it, and an intruder finds few tools.',
  mend: 'Say `USER 10001:10001` with numbers, write below /tmp only, bind no port under 1024.',
  byHand: [
    "docker image inspect --format '{{.Config.User}}' $IMAGE",
    'docker run --rm --read-only --tmpfs /tmp --cap-drop ALL $IMAGE',
  ],
  applies: (subject) => subject.isImage(),
  async check(harness) {
    const { target } = harness.subject;
    if (target.kind !== 'image') throw new Error('not an image');
    const { User: user = '' } = await imageConfig(target.image);
    harness.saw({
      sent: 'USER of the image',
      expected: 'a number that is not 0',
      got: user || '(root)',
      ok: /^[1-9]\d*(:\d+)?$/.test(user),
    });
    const args = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
    const service = await harness.start({ wrap: { kind: 'docker', args } });
    const write = await harness.findWrite('a write');
    if (write) {
      const answer = await service.ask(write.path, { method: 'POST', body: write.body() });
      harness.saw({
        sent: `POST ${write.path} with ${args.join(' ')}`,
        expected: '2xx',
        got: describe(answer),
        ok: Math.floor(answer.status / 100) === 2,
      });
    }
    await service.signal('SIGTERM');
    const exit = await service.child.ended(15_000);
    const ok = harness.asks('house') ? exit.code === 0 : isCleanStop(exit, 'SIGTERM');
    harness.saw({ sent: 'SIGTERM', expected: 'a clean end', got: describeExit(exit), ok });
    return harness.evidence;
  },
};
