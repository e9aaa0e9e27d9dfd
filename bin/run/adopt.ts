import { EXIT_NEEDS_PERSON } from '../../engine/core/errors.ts';
import { splitAnswer } from '../../engine/core/text/split-answer.ts';
import { adoptService } from '../../maintenance/adopt/run.ts';
import { adoptionJson, adoptionText } from '../../report/adopt.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { ADOPT_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

/** `adopt`: 4 if something is left for a person. */
export async function runAdopt(
  { flags, format }: Invocation<typeof ADOPT_OPTIONS>,
  { cwd, output, beforeCommit, onApplied }: RunContext,
): Promise<number> {
  const { preset, set, part, trust: trusted, dir, plan } = flags;
  const adoption = await adoptService(
    {
      answers: Object.fromEntries(set.map((text) => splitAnswer(text, '--set', true))),
      parts: part,
      trusted,
      ...given({ preset }),
    },
    { cwd, beforeCommit, planOnly: plan, ...given({ dir }) },
  );
  onApplied(adoption.applied);
  if (format === 'json') output.data(JSON.stringify(adoptionJson(adoption)));
  else if (!plan) output.chatter(adoptionText(adoption, cwd));
  else output.data(adoptionText(adoption, cwd));
  return adoption.attention.length > 0 ? EXIT_NEEDS_PERSON : 0;
}
