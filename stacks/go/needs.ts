import { parseModule } from './module.ts';

/** See `StackCode.unmetNeeds`. */
export function unmetNeeds(text: string, read: (path: string) => string): string[] {
  const module = read('go.mod');
  const { path = '', required = [] } = parseModule(module) ?? {};
  const makefile = read('Makefile');
  const called = [...text.matchAll(/(?:\brun:|^[ \t]*-|&&)[ \t]+make ([a-z][\w-]*)/gm)].map(
    ([, target = '']) => target,
  );
  const targets = [...new Set(called)].filter((target) => !new RegExp(`^${target}[\\w -]*:`, 'm').test(makefile));
  const imported = /^package \w+$/m.test(text)
    ? [...text.matchAll(/^(?:import)?\s*(?:[\w.]+ )?"([\w-]+\.[\w.-]+\/[^"\s]+)"$/gm)].map(([, name = '']) => name)
    : [];
  const known = [path, ...required.map((one) => one.path)];
  const unnamed = [...new Set(imported)].filter(
    (name) => !known.some((one) => name === one || name.startsWith(`${one}/`)),
  );
  return [
    ...(module === '' && /\bgo (build|mod|test|vet|run)\b/.test(text) ? ['runs go, and there is no go.mod'] : []),
    ...(targets.length > 0 ? [`runs make ${targets.join(', ')}, and the Makefile has no such target`] : []),
    ...(module !== '' && unnamed.length > 0 ? [`imports ${unnamed.join(', ')}, which go.mod does not name`] : []),
  ];
}
