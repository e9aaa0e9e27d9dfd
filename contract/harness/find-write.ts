import { randomUUID } from 'node:crypto';
import type { Mapping } from '../mapping.ts';
import type { Subject } from '../subject.ts';
import type { Endpoint } from './http/endpoint.ts';
import type { OpenApi, WriteOperation } from './schema/openapi.ts';
import { Unseen } from './wait.ts';

/** A service and what it says about its routes. */
interface Described {
  readonly subject: Subject;
  openApi(): Promise<OpenApi>;
  endpoint(): Promise<Endpoint>;
}

/** The route that bodies are sent to: the one of the mapping, or one that is described and takes a body. @returns why there is none */
export async function findWrite(session: Described): Promise<WriteOperation | Unseen> {
  const { subject } = session;
  const { writeless } = subject;
  if (writeless !== undefined) return new Unseen(writeless);
  const mapped = subject.mapping.write;
  if (mapped) return mappedWrite(mapped);
  const write = await session.openApi().then(
    (openApi) => openApi.write,
    () => undefined,
  );
  if (!write) return new Unseen('no POST route with a JSON body and without a path parameter is described');
  const { path } = write;
  try {
    const body = write.body();
    // A service that somebody else runs is not written to.
    if (subject.target.kind === 'url') return write;
    const { status } = await (await session.endpoint()).ask(path, { method: 'POST', body });
    const isRefused = status >= 400 && status < 500;
    return isRefused ? new Unseen(`POST ${path} answers ${status} to a body that fits its description`) : write;
  } catch (error) {
    // Any other problem is for the rules to find.
    return error instanceof Unseen ? new Unseen(`no body for POST ${path}: ${error.message}`) : write;
  }
}

/** A route that nobody described, with bodies that the user gave. */
function mappedWrite({ path, body }: NonNullable<Mapping['write']>): WriteOperation {
  const make = () => JSON.parse(JSON.stringify(body).replaceAll('{random}', randomUUID().slice(0, 8)));
  return {
    method: 'POST',
    path,
    object: {},
    body: make,
    fields: make,
    readable: (written) => written,
    invalidBody: () => [],
  };
}
