import { writeFileSync } from 'node:fs';
import { commandLineDocument } from '../bin/command-line/document.ts';
import { COMMANDS } from '../bin/command-line/table.ts';

writeFileSync(new URL('../docs/command-line.md', import.meta.url), commandLineDocument(COMMANDS));
