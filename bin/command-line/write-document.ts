import { writeFileSync } from 'node:fs';
import { commandLineDocument } from './document.ts';
import { COMMANDS } from './table.ts';

writeFileSync(new URL('../../docs/command-line.md', import.meta.url), commandLineDocument(COMMANDS));
