import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { footprint, loads, type Programs } from './programs.ts';
import type { Comparison } from './rounds.ts';

const PYTHON = ['.venv/bin/python', '-B'];

const PROGRAMS: Programs = {
  service: [...PYTHON, '-m', 'service'],
  stack: 'python',
  requests: 1000,
  bares: [{ id: 'fastapi', title: 'FastAPI', build: placeBare }],
};

/** A service in Python against FastAPI by hand, with its own packages. */
export const PYTHON_COMPARISONS: readonly Comparison[] = [...loads(PROGRAMS), ...footprint(PROGRAMS)];

function placeBare(folder: string, serves: 'slugs' | 'products'): string[] {
  for (const file of ['common.py', `${serves}.py`])
    cpSync(join(import.meta.dirname, 'bare/python', file), join(folder, 'bare', file));
  return [...PYTHON, `bare/${serves}.py`];
}
