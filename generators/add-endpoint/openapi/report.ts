import type { Loss } from './place.ts';
import type { Role } from './silent.ts';

/** A loss, and the operation that it is a loss of; none if it belongs to the whole document. */
export interface OperationLoss {
  readonly loss: Loss;
  readonly operation?: string;
}

/** Places that one line names. */
const MAX_NAMED = 3;

/** What some members say that an endpoint does not do. */
const MEANINGS: Readonly<Record<string, string>> = {
  'operation callbacks': 'the endpoint calls nobody back',
  'response headers': 'the endpoint does not send them',
  'response links': 'the endpoint does not tell them',
  'response content': 'errors are answered as problem+json',
  'responses default': 'errors are answered as problem+json',
  'responses 4XX': 'errors are answered as problem+json',
  'responses 5XX': 'errors are answered as problem+json',
  'responses *': 'an endpoint sends one response of success, and the errors that have a status of their own',
  'content *': 'a body has one, and another was chosen',
  'schema default': 'the endpoint does not fill it in',
  'document webhooks': 'nothing calls them',
};

/** What the members are of places that have names of the author's own. */
const MEMBERS: Readonly<Partial<Record<Role, string>>> = {
  content: 'a media type of a body',
  responses: 'a response',
  properties: 'a member of an object',
  list: 'an item',
  paths: 'a path',
};

/** One line for each kind of loss, with the first places of it. */
export function lossLines(losses: readonly OperationLoss[]): string[] {
  const kinds = new Map<string, { pointers: Set<string>; operations: Set<string> }>();
  for (const { loss, operation } of losses) {
    const kind = kindOf(loss);
    const found = kinds.get(kind) ?? { pointers: new Set(), operations: new Set() };
    found.pointers.add(loss.pointer);
    if (operation !== undefined) found.operations.add(operation);
    kinds.set(kind, found);
  }
  return [...kinds].map(([kind, { pointers, operations }]) => {
    const places = listed([...pointers], MAX_NAMED, 'places');
    return operations.size === 0
      ? `${kind}: ${places}`
      : `${kind}: ${places} (${listed([...operations], 1, 'operations')})`;
  });
}

function kindOf({ role, name, reason }: Loss): string {
  if (name === undefined) return `${withArticle(role)} ${reason ?? 'is not used'}`;
  const subject = MEMBERS[role] ?? `"${name}" of ${withArticle(role)}`;
  const meaning = MEANINGS[`${role} ${name}`] ?? MEANINGS[`${role} *`];
  return `${subject} ${reason ?? `is not used${meaning === undefined ? '' : `: ${meaning}`}`}`;
}

function withArticle(role: Role): string {
  if (role === 'document') return 'the document';
  return `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
}

function listed(texts: readonly string[], most: number, unit: string): string {
  const more = texts.length - most;
  return `${texts.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more ${more === 1 ? unit.slice(0, -1) : unit}` : ''}`;
}
