import { resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { parseAnswers } from '../../engine/core/question.ts';
import { type Addition, growBy, isRecorded } from '../../engine/core/service/addition.ts';
import type { FoundRoute } from '../../engine/core/service/route.ts';
import { type DocumentFiles, readDocuments } from '../../engine/io/documents.ts';
import type { AdditionRequest, Additions } from '../generator.ts';
import { type Operation, type Read, readOperations } from './openapi/operations.ts';
import { lossLines, type OperationLoss } from './openapi/report.ts';
import { addEndpoint } from './plan.ts';
import { ENDPOINT_QUESTIONS } from './questions.ts';

/**
 * Every operation of the OpenAPI document that `--from` names. What the service has stays as it is; what differs, cannot
 * be expressed, or is lost is for a person, in every run: the document may have changed since the last one.
 * @throws {UserError} INPUT_INVALID for what is no such document
 */
export async function addFromDocument(request: AdditionRequest): Promise<Additions> {
  const { service, stack, cwd } = request;
  const routes = [...stack.findRoutes(service.tree)];
  const read = readDocumentOperations(await readDocuments(resolve(cwd, String(request.answers.from))), routes);
  const batch = new Batch(request, routes);
  for (const operation of read.operations) await batch.add(operation);
  const { additions, notes, attention, losses } = batch;
  const whole = read.losses.map((loss) => ({ loss }));
  return { additions, notes, attention: [...attention, ...lossLines([...whole, ...losses])] };
}

/** Endpoints that are made one after the other, each for the service that the ones before it leave. */
class Batch {
  readonly additions: Addition[] = [];
  readonly notes: string[] = [];
  readonly attention: string[] = [];
  readonly losses: OperationLoss[] = [];
  readonly #request: AdditionRequest;
  readonly #routes: FoundRoute[];
  /** The operation of the document that each endpoint was made from. */
  readonly #made = new Map<string, string>();
  #service: AdditionRequest['service'];

  constructor(request: AdditionRequest, routes: FoundRoute[]) {
    this.#request = request;
    this.#routes = routes;
    this.#service = request.service;
  }

  async add(operation: Operation): Promise<void> {
    const { name, pointer } = operation;
    if ('reason' in operation) {
      this.attention.push(`${name} cannot be expressed: ${operation.reason}: ${pointer}`);
      return;
    }
    const { bareName } = operation;
    if (isRecorded(this.#service, 'add-endpoint', bareName) && bareName !== name) {
      this.attention.push(
        `${name} was not added: the service has it as ${bareName}, without the path of the server: ${pointer}`,
      );
      return;
    }
    const twin = this.#made.get(name);
    if (twin !== undefined) {
      this.attention.push(`${name} was not added: ${pointer} is the same endpoint as ${twin}`);
      return;
    }
    this.#made.set(name, pointer);
    try {
      await this.#make(operation);
    } catch (error) {
      // What hinders one endpoint for the service's sake hinders all.
      if (!(error instanceof UserError) || error.code === 'NOT_POSSIBLE') throw error;
      this.attention.push(`${name} ${describe(error)}: ${pointer}`);
    }
  }

  async #make({ name, answers: given, losses }: Extract<Operation, { answers: unknown }>): Promise<void> {
    const { stack } = this.#request;
    const answers = parseAnswers(ENDPOINT_QUESTIONS, given, '', (word) => stack.nameProblem(word, 'add-endpoint'));
    const addition = await addEndpoint({ ...this.#request, service: this.#service, answers, routes: this.#routes });
    const { plan, after } = growBy(this.#service, addition);
    this.losses.push(...losses.map((loss) => ({ loss, operation: name })));
    if (plan.changes.length === 0) {
      this.notes.push(`${name} already exists`);
      return;
    }
    this.#service = after;
    this.#routes.push(...stack.findRoutes(addition.files));
    this.additions.push({ ...addition, notes: [] });
  }
}

function describe({ code, message }: UserError): string {
  if (code === 'ADDITION_DIFFERS') return `differs: ${message.replace(/^.*?other answers: /, '')}`;
  return code === 'NAME_TAKEN' ? `was not added: ${message}` : `cannot be expressed: ${message}`;
}

function readDocumentOperations(files: DocumentFiles, routes: readonly FoundRoute[]): Read {
  try {
    return readOperations(files, routes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('INPUT_INVALID', `--from: ${error.message}`, 'Name an OpenAPI document, in YAML or JSON.', {
      cause: error,
    });
  }
}
