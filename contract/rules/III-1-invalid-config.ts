import type { Child } from '../harness/process/child.ts';
import { field } from '../harness/process/line.ts';
import { describeExit, isFailure } from '../harness/process/process.ts';
import { badValue, isSecret } from '../harness/schema/variables.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

const MARK = 'hunter2-do-not-print';
const UNDESCRIBED = 'it does not describe its variables (config --schema), so no bad environment is known';

export const rule: Rule = {
  id: 'III-1',
  level: 'MUST',
  factor: 'III. Config',
  promises: {
    'twelve-factor':
      'A bad environment ends the process before it listens, with an exit that is not 0, and no secret is repeated.',
    house:
      'It ends with 78; one JSON line with `event.name` `config.invalid` lists `errors: [{name, reason}]` for all bad variables.',
  },
  why: 'A deployment with a typing error must fail at once, say everything that is wrong in one go, and not publish a password.',
  mend: 'Validate the whole environment with one schema before anything else starts, collect all problems, print names and reasons only.',
  byHand: ['PORT=text $SERVICE; echo $?'],
  applies: (subject) => all(subject.starts(), subject.profile === 'house' || subject.describesVariables || UNDESCRIBED),
  async check(harness) {
    const variables = harness.subject.variables;
    const bad = variables.flatMap((variable) => {
      const value = badValue(variable);
      return value === undefined ? [] : [[variable.name, isSecret(variable) ? `${value} ${MARK}` : value] as const];
    });
    harness.saw({
      sent: 'config --schema',
      expected: 'variables with a type that a value can break',
      got: bad.map(([name]) => name).join(', ') || 'none',
      ok: bad.length > 0,
    });
    const env = Object.fromEntries(bad);
    // The words of a parser may quote what it took for a port.
    const given = await harness.environment();
    const unreadable = variables.flatMap((variable) => {
      const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//.exec(given[variable.name] ?? '') ?? [];
      return scheme && isSecret(variable) ? [[variable.name, `${scheme}://user:${MARK}/1@127.0.0.1/x`] as const] : [];
    });
    const required = variables.filter((variable) => variable.required).map(({ name }) => name);
    const missing = Object.fromEntries(required.map((name) => [name, undefined]));
    const [bads, none, check] = await Promise.all([
      harness.run(['web'], { env }),
      required.length > 0 ? harness.run(['web'], { env: missing }) : undefined,
      harness.subject.takesVerbs() === true
        ? harness.run(['config', '--check'], { env: { ...env, ...Object.fromEntries(unreadable) } })
        : undefined,
    ]);
    const sent = `web with bad ${bad.map(([name]) => name).join(', ')}`;
    see(
      sent,
      bads.child,
      bad.map(([name]) => name),
    );
    if (check) {
      see(
        sent.replace('web', 'config --check'),
        check.child,
        bad.map(([name]) => name).filter((name) => unreadable.every(([other]) => other !== name)),
      );
    }
    if (none) see(`web without ${required.join(', ')}`, none.child, required);
    if (!bad.some(([, value]) => value.includes(MARK))) {
      harness.leftOut.push('secrets in what it prints: no variable with a type is one');
      return harness.evidence;
    }
    const leaks = bads.child.output.includes(MARK) || check?.child.output.includes(MARK) === true;
    harness.saw({
      sent: `${sent}, secrets marked`,
      expected: 'no value of a secret in the output',
      got: leaks ? 'the mark' : 'no mark',
      ok: !leaks,
    });
    return harness.evidence;

    function see(what: string, child: Child, names: readonly string[]): void {
      const { exited } = child;
      if (!harness.asks('house')) {
        const expected = 'an exit that is not 0';
        harness.saw({ sent: what, expected, got: describeExit(exited), ok: isFailure(exited) });
        return;
      }
      const { configExit } = harness.subject;
      const ok = exited?.code === configExit;
      harness.saw({ sent: what, expected: `exit ${configExit}`, got: describeExit(exited), ok });
      if (exited === undefined) return; // What it has not said yet it may say later.
      const [line, ...more] = child.lines;
      const one = more.length === 0 && line?.json !== undefined && field(line.json, 'event.name') === 'config.invalid';
      harness.saw({
        sent: what,
        expected: 'one JSON line, event.name = config.invalid',
        got: line?.text ?? '(nothing)',
        ok: one,
      });
      const errors = (line?.json?.errors ?? []) as { name?: unknown; reason?: unknown }[];
      const named = Array.isArray(errors)
        ? errors.filter(({ reason }) => typeof reason === 'string').map(({ name }) => String(name))
        : [];
      const lacking = names.filter((name) => !named.includes(name));
      const got = lacking.length > 0 ? `none for ${lacking.join(', ')}` : named.join(', ');
      harness.saw({
        sent: what,
        expected: `errors with a reason for ${names.join(', ')}`,
        got,
        ok: lacking.length === 0,
      });
    }
  },
};
