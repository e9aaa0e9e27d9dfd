import { readServiceFiles, type ServiceFiles } from './read-service.ts';

/** Reads services, in the order in which they were announced. */
export interface ServiceReader {
  /** @throws what {@link readServiceFiles} throws */
  readonly read: (root: string) => Promise<ServiceFiles>;
  readonly close: () => void;
}

/** In this thread. In the published package `service-reader.packaged.ts` takes this file's place. */
export function openServiceReader(_roots: readonly string[]): ServiceReader {
  return { read: async (root) => readServiceFiles(root), close: () => undefined };
}
