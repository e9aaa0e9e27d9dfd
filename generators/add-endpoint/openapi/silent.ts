/** What a part of a document is. */
export type Role =
  | 'document'
  | 'path item'
  | 'operation'
  | 'parameter'
  | 'request body'
  | 'media type'
  | 'response'
  | 'server'
  | 'variable'
  | 'schema'
  | 'security'
  | 'paths'
  | 'responses'
  | 'content'
  | 'properties'
  | 'list';

/** Members that say nothing of how an endpoint behaves: nobody has to be told that they are not used. */
const SILENT: Readonly<Record<Role, string>> = {
  document: 'info tags externalDocs components',
  'path item': 'summary description',
  operation: 'description tags operationId externalDocs deprecated',
  parameter: 'description example examples deprecated',
  'request body': 'description',
  'media type': 'example examples',
  response: 'description summary',
  server: 'description name',
  variable: 'description enum',
  schema: 'title description example examples deprecated externalDocs xml $comment $defs definitions',
  security: '',
  paths: '',
  responses: '',
  content: '',
  properties: '',
  list: '',
};

const WORDS = new Map(Object.entries(SILENT).map(([role, words]) => [role, new Set(words.split(' '))]));

/** Members of these have names of the author's own. */
const NAMED: ReadonlySet<Role> = new Set(['properties', 'content', 'list']);

/** Whether a member says nothing of behaviour. Extensions, `x-...`, do not either. */
export function isSilent(role: Role, name: string): boolean {
  if (name.startsWith('x-') && !NAMED.has(role)) return true;
  return WORDS.get(role)?.has(name) === true;
}
