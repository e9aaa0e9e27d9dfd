import type { DottedData, UnaskedRule } from '../../engine/core/preset/unasked.ts';
import { parseModule } from './module.ts';

/** What Go's tools and editors for Go run unasked, beyond what every language has. Go itself runs no code at an install. */
export const UNASKED: readonly (UnaskedRule | DottedData)[] = [
  { data: /^\.(golangci|goreleaser|mockery|air)\.(ya?ml|toml|json)$/ },
  { paths: /(^|\/)go\.work(\.sum)?$/, by: 'Go takes modules from folders that it names, in every folder below it' },
  { paths: /(^|\/)vendor\//, by: 'Go builds it instead of the modules that go.sum knows' },
  {
    paths: /(^|\/)go\.mod$/,
    by: 'Go downloads and runs it, or builds it instead of the module that is named',
    keys: async (text) => {
      const toolchain = /^toolchain[ \t]+(\S+)/m.exec(text)?.[1];
      const isPlain = toolchain === undefined || /^(go\d+\.\d+(\.\d+)?|default)$/.test(toolchain);
      const { replaced } = parseModule(text) ?? { replaced: new Map() };
      return [
        ...(isPlain ? [] : [{ key: 'toolchain', value: toolchain }]),
        ...[...replaced].map(([key, target]) => ({
          key: `replace ${key}`,
          value: target === undefined ? 'a folder' : `${target.path}@${target.version}`,
        })),
      ];
    },
  },
];

/** What Go runs once a person asks for it: `go tool`, `go generate`. */
export const STARTED_KEYS: readonly UnaskedRule[] = [
  {
    paths: /(^|\/)go\.mod$/,
    by: 'Go runs it when a person starts it with go tool',
    keys: async (text) => {
      const [, block = ''] = /^tool\s*\(([^)]*)\)/m.exec(text) ?? [];
      const single = [...text.matchAll(/^tool[ \t]+([^\s(]+)/gm)].map(([, path = '']) => path);
      const listed = block.split('\n').flatMap((line) => line.replace(/\/\/.*/, '').trim() || []);
      return [...single, ...listed].map((path) => ({ key: 'tool', value: path }));
    },
  },
  {
    paths: /\.go$/,
    by: 'Go runs it when a person starts go generate',
    keys: async (text) =>
      [...text.matchAll(/^\/\/go:generate[ \t]+(.+)$/gm)].map(([, value = '']) => ({ key: 'go:generate', value })),
  },
];
