/** What frameworks write for a parameter: `{id:[0-9]{3}}`, `<uuid:id>`, `:id(\\d+)`, `[id]`. */
const PARAMETERS = [
  /\{\*{0,2}(?<name>\w[\w.-]*)[?]?(?:[:=](?:[^{}]|\{[^{}]*\})*)?\}/,
  /<(?:[^<>:]+:)?(?<name>\w[\w-]*)(?::[^<>]*)?>/,
  /(?<=\/|^):(?<name>\w+)(?:\([^/]*\))?[?*+]?/,
  /\[(?:\.\.\.)?(?<name>\w[\w-]*)\]/,
];

/**
 * A template of a route as OpenAPI writes it, such as `/products/{id}`: what a parameter may be is left out.
 * @param route as a framework writes it, or a document that is made from its routes
 */
export function normaliseRoute(route: string): string {
  return PARAMETERS.reduce((text, form) => text.replace(new RegExp(form, 'g'), '{$<name>}'), route);
}
