import { parentPort } from 'node:worker_threads';
import { readServiceFiles, type ServiceFiles } from './read-service.ts';

/** A thread that reads services: `[chunk, roots]` -> `[chunk, what each is, or nothing where that failed]`. */
parentPort?.on('message', ([at, roots]: [number, readonly string[]]) => {
  const answer = roots.map((root): ServiceFiles | undefined => {
    try {
      return readServiceFiles(root);
    } catch {
      return undefined; // Whoever asked tries again, and tells why.
    }
  });
  parentPort?.postMessage([at, answer]);
});
