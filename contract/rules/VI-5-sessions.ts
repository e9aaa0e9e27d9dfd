import { Unseen } from '../harness/wait.ts';
import { probeFreedValues } from '../probes/data/freed-values.ts';
import { probeCounting, probeSessions } from '../probes/data/memory-state.ts';
import { probeRepeatedWrites } from '../probes/data/repeated-writes.ts';
import { startTwo } from '../probes/data/two-instances.ts';
import { readablePaths } from '../probes/http/readable-paths.ts';
import { SOON } from '../probes/http/same-answer.ts';
import type { Rule } from '../rule.ts';

/** Routes that services have for people who come back. */
const USUAL = ['/', '/me', '/whoami', '/session', '/sessions', '/profile', '/account', '/cart', '/counter', '/visits'];

export const rule: Rule = {
  id: 'VI-5',
  level: 'MUST',
  factor: 'VI. Processes',
  promises: {
    'twelve-factor':
      'An instance keeps nothing of its clients: a session that one instance began is known to the others, so is the key of a write that is repeated, and nothing that was done through one changes its answers alone.',
  },
  why: 'A load balancer sends the next request to another instance, and a release replaces them all. Whoever was logged in there is logged out, and what was counted begins anew.',
  mend: 'Keep sessions and counters in a backing service, or the whole session in a signed cookie; give all instances the same key by a variable.',
  byHand: ['curl -i -c /tmp/jar -b /tmp/jar $URL/; curl -i -b /tmp/jar http://127.0.0.1:8081/'],
  thresholds: [`answers agree within ${SOON / 1000} s`],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const pair = await startTwo(harness);
    const stored = (await harness.findWrite())?.path;
    const openApi = await harness.openApi().catch(() => undefined);
    // Items with a route of their own are for other rules; without one, the list is all that shows what is stored.
    const hasItems = stored !== undefined && openApi?.itemOf(stored) !== undefined;
    const usual = stored === undefined || hasItems ? USUAL : [...USUAL, stored];
    // Asked of another instance: each of the two has to begin with nothing.
    const readable = await readablePaths(harness, await harness.shared(), usual);
    const paths = hasItems ? readable.filter((path) => path !== stored) : readable;
    await probeRepeatedWrites(harness, pair);
    await probeFreedValues(harness, pair);
    if (paths.length === 0) throw new Unseen('no route is known that answers a GET');
    await probeCounting(harness, pair, paths);
    await probeSessions(harness, pair, paths);
    return harness.evidence;
  },
};
