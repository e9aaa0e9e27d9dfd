// Prints each failed test of vitest's JSON reports with the first lines of its message, as the last thing before the
// counts: a reader who sees only the end of a long log still sees what to mend.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const LINES = 12;

for (const file of process.argv.slice(2)) {
  const suite = basename(file, '.json');
  if (!existsSync(file)) {
    console.log(`failed: ${suite}: the suite left no report`);
    continue;
  }
  for (const { name, status, message, assertionResults } of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    if (status !== 'failed') continue;
    if (assertionResults.length === 0) tell(suite, name, message);
    for (const test of assertionResults) {
      if (test.status === 'failed')
        tell(suite, `${basename(name)} > ${test.fullName}`, test.failureMessages.join('\n'));
    }
  }
}

function tell(suite, test, message) {
  const lines = stripVTControlCharacters(message ?? '')
    .split('\n')
    .slice(0, LINES);
  console.log([`failed: ${suite}: ${test}`, ...lines.map((line) => `  ${line.slice(0, 300)}`)].join('\n'));
}
