import { resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { type Addition, planAddition } from '../../engine/core/service/addition.ts';
import { readDocument } from '../../engine/io/document.ts';
import type { AdditionRequest, Additions } from '../generator.ts';
import { readOperations } from './openapi.ts';
import { addEndpoint, folderOf } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/**
 * Every operation of the OpenAPI document that `--from` names. What the service has stays as it is; what differs or cannot
 * be expressed is for a person.
 * @throws {UserError} INPUT_INVALID for what is no such document
 */
export async function addFromDocument(request: AdditionRequest): Promise<Additions> {
  const { service, stack, cwd } = request;
  const rule = (word: string) => stack.nameProblem(word, 'add-endpoint');
  const document = await readDocument(resolve(cwd, String(request.answers.from)));
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
      const answers = parseAnswers(ENDPOINT_QUESTIONS, operation.answers, '', rule);
      const addition = await addEndpoint({ ...request, answers });
      const folder = folderOf(addition.name, answers);
      if (folders.has(folder)) attention.push(`${name} would have the folder of another: add it with --folder`);
      else if (planAddition(service, addition).changes.length === 0) notes.push(`${name} already exists`);
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
