// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code

import type { Mutant } from './mutants.ts';

/** Gates of reading OpenAPI documents. */
export const OPENAPI: readonly Mutant[] = [
  {
    gate: 'a member of a document that nobody asked for is lost in silence',
    in: 'Place',
    search: 'return this.#notes.has(name) || isSilent(this.role, name) ? [] : [this.#lossOf(name)];',
    replace: 'void isSilent;\n    return [];',
    red: 'laws/11-used-or-listed.test.ts',
  },
  {
    gate: 'an endpoint is open to everybody without a word',
    in: 'securityLosses',
    search: 'if (!holder || !Array.isArray(security) || security.length === 0) return [];',
    replace: 'if (!holder || security !== null) return [];',
    red: 'core/openapi/operations.test.ts',
    only: 'as the document or the operation says it',
  },
  {
    gate: 'two operations of a document are one route',
    in: 'Batch',
    search: 'if (twin !== undefined) {',
    replace: 'if (twin === name) {',
    red: 'core/openapi/batch.test.ts',
    only: 'are checked against each other',
  },
  {
    gate: 'what is lost of an endpoint that is there already is not said',
    in: 'Batch',
    search: 'this.losses.push(...losses.map((loss) => ({ loss, operation: name })));',
    replace: 'if (plan.changes.length > 0) this.losses.push(...losses.map((loss) => ({ loss, operation: name })));',
    red: 'core/openapi/batch.test.ts',
    only: 'what is lost now is said',
  },
  {
    gate: 'a link leads a document out of its folder',
    in: 'refuseOutside',
    search: "if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))",
    replace: 'if (inside === sep || isAbsolute(inside))',
    red: 'core/openapi/files.test.ts',
    only: 'reads no other file',
  },
  {
    gate: 'aliases of a document make billions of values',
    in: 'countValues',
    search: 'if (count > MAX_VALUES) throw',
    replace: 'if (count < MAX_VALUES - MAX_VALUES) throw',
    red: 'core/openapi/files.test.ts',
    only: 'with aliases that make billions',
  },
  {
    gate: 'null is a value although one part of a schema refuses it',
    in: 'allNullWords',
    search: "(['whole', 'refused', 'allowed'] as const)",
    replace: "(['whole', 'allowed', 'refused'] as const)",
    red: 'core/openapi/nulls.test.ts',
    only: 'of which one part refuses it',
  },
  {
    gate: 'a read-only member is asked for in a request',
    in: 'isHidden',
    search: 'return parts.some(({ place }) => place.peek(hidden) === true);',
    replace: 'return parts.length < 0 && hidden === undefined;',
    red: 'core/openapi/schema.test.ts',
    only: 'only one side sends',
  },
];
