import type { Problem } from '../../engine/core/errors.ts';
import type { PresetFiles } from '../../engine/core/preset/apply-presets.ts';
import { readLayer } from '../../engine/core/template/source-template.ts';
import { variableUses } from '../../engine/core/template/variable-uses.ts';

/** Plain text and Markdown, and what is read line by line: an answer may stand as it is. */
const PLAIN =
  /\.(md|mdc|txt|text|rst|adoc)$|(^|\/)(CODEOWNERS|LICEN[CS]E|NOTICE|COPYING|README|AUTHORS|CONTRIBUTORS|MAINTAINERS|CHANGELOG|VERSION|\.\w+ignore|\.gitattributes|\.mailmap)$/i;

/** Formats and the helper that quotes a text in them. */
const FORMATS: readonly { readonly paths: RegExp; readonly comment: RegExp; readonly helper: string }[] = [
  { paths: /\.ya?ml$/, comment: /^\s*#/, helper: 'yaml' },
  { paths: /\.(json|jsonc|json5|toml)$/, comment: /^\s*(#|\/\/)/, helper: 'json' },
  { paths: /\.[cm]?[jt]sx?$/, comment: /^\s*(\/\/|\*)/, helper: 'ts' },
  { paths: /(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$|\.Dockerfile$/i, comment: /^\s*#/, helper: 'dockerfile' },
  { paths: /\.(sh|bash)$|(^|\/)Makefile$/, comment: /^\s*#/, helper: 'shell' },
];
/** Any other format: most of them have strings in double quotes. */
const OTHER = { comment: /^\s*(#|\/\/|--|;)/, helper: 'json' };

/**
 * Finds answers of any text that a preset's templates write without a helper where text has to be quoted.
 * @param free names of the questions that take any text
 * @param filledBy the paths of the files that a block is in
 */
export function rawAnswers(
  { preset, files }: PresetFiles,
  free: ReadonlySet<string>,
  filledBy: (block: string) => readonly string[],
): Problem[] {
  const layers = preset.layers.flatMap(({ path }) => readLayer(files, path, preset.ownership, 'merged'));
  const blocks = [...files].flatMap(([source, { content }]) => {
    const [, name] = /^blocks\/(.+)\.hbs$/.exec(source) ?? [];
    return name === undefined ? [] : filledBy(name).map((path) => ({ path, source, bytes: content, isTemplate: true }));
  });
  const found = [...layers, ...blocks].flatMap(({ path, source, bytes, isTemplate }): Problem[] => {
    if (!isTemplate || PLAIN.test(path)) return [];
    const format = FORMATS.find(({ paths }) => paths.test(path)) ?? OTHER;
    const text = Buffer.from(bytes).toString('utf8');
    const lines = text.split('\n');
    return variableUses(text)
      .filter(({ name, line, helper }) => !helper && free.has(name) && !format.comment.test(lines[line - 1] ?? ''))
      .map(({ name, line }) => ({
        subject: `${source}:${line}`,
        reason: `{{${name}}} is any text, and can end the place where it stands: write {{${format.helper} ${name}}} (in a command {{shell ${name}}}, or hand it over in a variable), or give the question a pattern`,
      }));
  });
  return [...new Map(found.map((problem) => [problem.subject + problem.reason, problem])).values()];
}
