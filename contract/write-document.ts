import { readFileSync, writeFileSync } from 'node:fs';
import { writeRules } from './document.ts';
import { rules } from './rules/index.ts';

const file = new URL('../docs/contract.md', import.meta.url);
writeFileSync(file, writeRules(readFileSync(file, 'utf8'), rules));
