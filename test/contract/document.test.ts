import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeRules } from '../../contract/document.ts';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import { Subject } from '../../contract/subject.ts';
import { RULE_IDS } from '../../engine/core/audit/rule-ids.ts';

const repo = new URL('../../', import.meta.url);

test('docs/contract.md says what the rule files say', () => {
  const document = readFileSync(new URL('docs/contract.md', repo), 'utf8');
  expect(document).toBe(writeRules(document, rules));
});

test('a rule that says something else would be noticed', () => {
  const document = readFileSync(new URL('docs/contract.md', repo), 'utf8');
  const [first, ...others] = rules;
  if (!first) throw new Error('there are no rules');
  expect(writeRules(document, [{ ...first, promises: { house: 'something else' } }, ...others])).not.toBe(document);
  expect(() => writeRules('a document without marks', rules)).toThrow('no marks');
});

test('every rule knows whether it applies to a service of which only the URL is known', async () => {
  const target = { kind: 'url', name: 'url', url: 'http://127.0.0.1:1' } as const;
  const subject = new Subject(target, [], new Backing());
  const seen = await Promise.all(rules.map(async (rule) => [rule.id, await rule.applies(subject)] as const));
  const applying = seen.filter(([, applies]) => applies === true).map(([id]) => id);
  expect(applying).toEqual(['V-1', 'H-1', 'H-2', 'H-3', 'H-4', 'H-5', 'H-6', 'S-1', 'S-2']);
});

test('every rule has a file that begins with its id, followed by words', () => {
  const files = readdirSync(new URL('contract/rules/', repo)).filter((name) => name !== 'index.ts');
  const words = /^((?:[IVX]+|[HS])-\d+)-[a-z][a-z0-9]*(-[a-z0-9]+)*\.ts$/;
  expect(files.map((name) => words.exec(name)?.[1]).sort()).toEqual(rules.map(({ id }) => id).sort());
});

test('the ids of the rules are those of the rules', () => {
  expect(RULE_IDS).toEqual(rules.map(({ id }) => id));
});

test('the README says how many rules there are', () => {
  const readme = readFileSync(new URL('README.md', repo), 'utf8').replaceAll(/\s+/g, ' ');
  expect(readme).toContain(`which of the contract's ${rules.length} rules the service keeps`);
});
