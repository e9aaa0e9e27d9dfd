import { nameForms } from '../names.ts';

/** Texts of a service, and the placeholders that gave them. */
export type Placeholders = ReadonlyMap<string, string>;

/**
 * Turns a line of a service into a template's line: its name becomes `{{name}}`, other texts their placeholders, and other `{{` become
 * `\{{`.
 * @param name of the service; without one only `{{` is changed
 */
export function putBack(line: string, name: string, more: Placeholders = new Map()): string {
  const { snakeName, constName, camelName, pascalName } = nameForms(name);
  const forms = new Map<string, string>();
  const candidates: [string, string][] = [
    [name, '{{name}}'],
    [snakeName, '{{snakeName}}'],
    [constName, '{{constName}}'],
    [camelName, '{{camelName}}'],
    [pascalName, '{{pascalName}}'],
    ...more,
  ];
  for (const [form, placeholder] of candidates) if (form !== '' && !forms.has(form)) forms.set(form, placeholder);
  const alternatives = [...forms.keys()]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const found = new RegExp(
    `${alternatives.length === 0 ? '' : `(?<![A-Za-z0-9])(?:${alternatives.join('|')})(?![A-Za-z0-9])|`}\\{\\{`,
    'g',
  );
  const put = line.replace(found, (text) => forms.get(text) ?? '\\{{');
  // `${` before a placeholder would be read as another language's tag.
  return put.replace(/\$\{\{\{(?=\w)/g, '$${ {{~');
}
