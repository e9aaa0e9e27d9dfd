/** The JSON Schema of `preset.yaml`, for `preset check` and for completion in editors. */
const name = { type: 'string', pattern: '^[a-z][A-Za-z0-9]{0,39}$' } as const;
const scalar = { type: ['string', 'integer', 'boolean'], maxLength: 1000 } as const;
const path = { type: 'string', minLength: 1, maxLength: 400 } as const;
const map = (values: object, keys: object = name) => ({
  type: 'object',
  propertyNames: keys,
  additionalProperties: values,
});
/** Text that is shown to people: no character that a terminal acts on. */
const visible = { pattern: '^[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]*$' } as const;
const list = (items: object) => ({ type: 'array', items, maxItems: 1000 });
const record = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const version = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$',
} as const;

/**
 * A pattern of a question: characters and classes of them, from `^` to `$`, with at most two of them repeated. Such a pattern is
 * never slow, whoever wrote it.
 */
const ATOM = String.raw`(?:\[\^?(?:[A-Za-z0-9_./@:-])+\]|[A-Za-z0-9_/@:-]|\\[.dw-])`;
const MANY = String.raw`(?:${ATOM}(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}))`;
const PATTERN = `^\\^${ATOM}*${MANY}?${ATOM}*${MANY}?${ATOM}*\\$$`;

const question = record(
  {
    name,
    message: { type: 'string', minLength: 1, maxLength: 200, ...visible },
    type: { enum: ['string', 'integer', 'boolean', 'choice'] },
    choices: { ...list({ type: 'string', minLength: 1, maxLength: 100, ...visible }), minItems: 1, uniqueItems: true },
    minimum: { type: 'integer' },
    maximum: { type: 'integer' },
    maxLength: { type: 'integer', minimum: 1, maximum: 1000 },
    pattern: { type: 'string', maxLength: 100, pattern: PATTERN },
    default: scalar,
    asked: { type: 'boolean' },
  },
  ['name', 'message', 'type'],
);

const migration = record(
  {
    version,
    move: map(path, path),
    delete: list(path),
    set: list(
      record({ file: path, key: { ...list({ type: 'string' }), minItems: 1 }, value: {} }, ['file', 'key', 'value']),
    ),
  },
  ['version'],
);

const policy = record(
  {
    images: { ...list({ type: 'string', minLength: 1, maxLength: 200 }), maxItems: 100 },
    requiredFiles: list(path),
    must: list({ type: 'string', pattern: '^([IVX]+|S|H)-[0-9]+$' }),
  },
  [],
);

export const PRESET_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A preset of create-twelve-service',
  ...record(
    {
      schema: { const: 1 },
      name: { type: 'string', pattern: '^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*$', maxLength: 214 },
      version,
      description: { type: 'string', maxLength: 500, ...visible },
      extends: { oneOf: [{ type: 'string' }, { ...list({ type: 'string' }), maxItems: 20 }] },
      defaults: map(scalar),
      locked: map(scalar),
      required: list(name),
      denied: map({ ...list(scalar), minItems: 1 }),
      questions: list(question),
      layers: list(record({ path, when: map(scalar) }, ['path'])),
      ownership: list({
        type: 'array',
        prefixItems: [{ type: 'string', maxLength: 400 }, { enum: ['managed', 'merged', 'seeded', 'derived'] }],
        items: false,
        minItems: 2,
      }),
      groups: list({ ...list({ type: 'string', minLength: 1, maxLength: 400 }), minItems: 1 }),
      remove: list(path),
      migrations: list(migration),
      policy,
    },
    ['schema', 'name', 'version'],
  ),
} as const;
