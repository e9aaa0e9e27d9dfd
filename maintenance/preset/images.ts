import { baseImages, isAllowedImage } from '../../engine/core/audit/base-images.ts';
import type { Problem } from '../../engine/core/errors.ts';
import type { Tree } from '../../engine/core/tree.ts';

/** Finds images that services build on and the policy does not allow: every new service would break it. */
export class ImageCheck {
  readonly #allowed: readonly (readonly string[])[];
  readonly #refused = new Set<string>();

  constructor(allowed: readonly (readonly string[])[]) {
    this.#allowed = allowed;
  }

  /** Reads the Dockerfiles of one option set. */
  look(tree: Tree): void {
    if (this.#allowed.length === 0) return;
    for (const [path, { content }] of tree) {
      if (!/(^|\/)Dockerfile(\.[\w-]+)?$/.test(path)) continue;
      for (const { image } of baseImages(Buffer.from(content).toString('utf8')))
        if (!isAllowedImage(image, this.#allowed)) this.#refused.add(`${path} builds on ${image}`);
    }
  }

  /**
   * @param subject where the policy is
   * @param instead what a preset may do that does not want such services
   */
  problems(subject: string, instead: string): Problem[] {
    const reason = (what: string) => `${what}, which the policy does not allow (${instead})`;
    return [...this.#refused].map((what) => ({ subject, reason: reason(what) }));
  }
}
