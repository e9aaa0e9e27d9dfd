import type { Question } from '../../engine/core/question.ts';
import { nameQuestion } from '../../engine/core/service/addition-name.ts';

/** What Fastify, its plugins and the service itself call things that an `app` has. */
const TAKEN =
  'app log logger config server metrics readiness explanations flags database cache inject route routes get post put patch ' +
  'delete head options all register ready listen listening close after decorate swagger version errors prefix hasRoute http ' +
  'shutdown telemetry settings plugin z httpClient createHttpClient explainHttpClient status addHook hasDecorator hasPlugin ' +
  'getSchema getSchemas addSchema setErrorHandler setNotFoundHandler decorateRequest decorateReply hasContentTypeParser ' +
  'addContentTypeParser printRoutes printPlugins initialConfig pluginName serializerCompiler validatorCompiler trace search';

export const CLIENT_QUESTIONS: readonly Question[] = [
  nameQuestion('The service that is called', 'payments', TAKEN.split(' ')),
  {
    name: 'baseUrlEnv',
    message: 'Variable with its URL; by default from the name, e.g. PAYMENTS_URL',
    asked: false,
    form: 'an upper case name that ends in _URL, e.g. PAYMENTS_URL',
    schema: { type: 'string', maxLength: 60, pattern: '^$|^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*_URL$' },
    default: '',
  },
];
