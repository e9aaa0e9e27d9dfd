/** What no code can use as a variable. */
const KEYWORDS = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** What is taken where a generator uses the name: as a member of Fastify's `app`, or beside what a file imports. */
const TAKEN: Readonly<Record<string, ReadonlySet<string>>> = {
  'add-client': new Set(
    (
      'app log logger config server metrics readiness explanations flags database cache inject route routes get post put ' +
      'patch delete head options all register ready listen listening close after decorate swagger version errors prefix ' +
      'hasRoute http shutdown telemetry settings plugin z httpClient createHttpClient explainHttpClient status addHook ' +
      'hasDecorator hasPlugin getSchema getSchemas addSchema setErrorHandler setNotFoundHandler decorateRequest ' +
      'decorateReply hasContentTypeParser addContentTypeParser printRoutes printPlugins initialConfig pluginName ' +
      'serializerCompiler validatorCompiler trace search'
    ).split(' '),
  ),
  'add-worker': new Set(['z', 'jobWorker', 'queue', 'payload']),
};

/** Why a generator cannot use a name, in camel case, in code. */
export function nameProblem(name: string, generator: string): string | undefined {
  if (KEYWORDS.has(name)) return `"${name}" is a reserved word`;
  return TAKEN[generator]?.has(name) ? `"${name}" is taken` : undefined;
}
