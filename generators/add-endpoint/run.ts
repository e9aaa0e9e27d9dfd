import { resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers, type RawAnswers } from '../../engine/core/question.ts';
import { type Addition, planAddition } from '../../engine/core/service/addition.ts';
import { readDocument } from '../../engine/io/document.ts';
import { type Growth, type GrowthRequest, type Proposal, runGrowth } from '../grow.ts';
import type { Outcome, RunOptions } from '../session.ts';
import { ENDPOINT } from './growth.ts';
import { readOperations } from './openapi.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/**
 * One endpoint from flags, or with `--from` every operation of an OpenAPI document that the service lacks.
 * @throws {UserError} with the service as it was before
 */
export async function runEndpoint(raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  if (raw.from === undefined || raw.from === '') return runGrowth(ENDPOINT, raw, options);
  const others = Object.keys(raw).filter((name) => name !== 'from');
  if (others.length > 0)
    throw new UserError(
      'INPUT_INVALID',
      `--from says all there is to say: --${others[0]} cannot be added to it`,
      'Leave one away.',
    );
  const source = String(raw.from);
  const document = await readDocument(resolve(options.cwd, source));
  const fromDocument: Growth = {
    ...ENDPOINT,
    questions: ENDPOINT_QUESTIONS.filter(({ name }) => name === 'from'),
    propose: (request) => proposeAll(request, document),
  };
  return runGrowth(fromDocument, raw, options);
}

/** What the service has stays as it is; what differs or cannot be expressed is for a person. */
async function proposeAll(request: GrowthRequest, document: unknown): Promise<Proposal> {
  const { service } = request;
  const additions: Addition[] = [];
  const notes: string[] = [];
  const attention: string[] = [];
  const folders = new Set<string>();
  for (const operation of readDocumentOperations(document)) {
    const { name } = operation;
    if ('reason' in operation) {
      attention.push(`${name} cannot be expressed: ${operation.reason}`);
      continue;
    }
    try {
      const answers = parseAnswers(ENDPOINT_QUESTIONS, operation.answers, '');
      const addition = await addEndpoint({ ...request, answers });
      const folder = [...addition.files.keys()].find((path) => path.endsWith('/routes.ts')) ?? name;
      if (folders.has(folder)) attention.push(`${name} would have the folder of another: add it with --folder`);
      else if (planAddition(service, addition).changes.length === 0) notes.push(`${name} is already there`);
      else {
        folders.add(folder);
        additions.push(addition);
        if (operation.lost.length > 0) attention.push(`${name} is without ${operation.lost.join(', ')}`);
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      attention.push(`${name} ${describe(error)}`);
    }
  }
  return { additions: additions.map((addition) => ({ ...addition, notes: [] })), notes, attention };
}

function describe({ code, message }: UserError): string {
  if (code === 'ADDITION_DIFFERS') return `differs: ${message.replace(/^.*?other answers: /, '')}`;
  return code === 'NAME_TAKEN' ? `was not added: ${message}` : `cannot be expressed: ${message}`;
}

function readDocumentOperations(document: unknown) {
  try {
    return readOperations(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('INPUT_INVALID', `--from: ${error.message}`, 'Name an OpenAPI document, in YAML or JSON.', {
      cause: error,
    });
  }
}
