import type { RepoPath } from '../repo-path.ts';
import type { Tree, TreeFile } from '../tree.ts';

const PRESET_FILE = 'preset.yaml' as RepoPath;
const BLOCKS = 'blocks/';
/** What editors and desktops leave behind. npm packs none of it. */
const LEFTOVER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|\.[^/]*\.sw[a-p]|[^/]*~|[^/]*\.orig)$/;

/**
 * The files of a preset from which anything can come out: `preset.yaml`, its blocks, and the folders of its layers. A preset is loaded
 * from these files alone, and its integrity is their hash. So what is not in the hash has no influence, and the same release has one
 * integrity in a package, in a repository and in a folder.
 * @param files everything that the source gave
 */
export async function renderedFiles(files: Tree): Promise<Tree> {
  const folders = [BLOCKS, ...(await layerFolders(files.get(PRESET_FILE)))];
  return new Map(
    [...files].flatMap(([path, file]): [RepoPath, TreeFile][] => {
      const isOurs = path === PRESET_FILE || folders.some((folder) => path.startsWith(folder));
      if (!isOurs || LEFTOVER.test(path)) return [];
      // The mode of a layer's file is that of the rendered file. Other modes mean nothing.
      const isInLayer = path !== PRESET_FILE && !path.startsWith(BLOCKS);
      return [[path, isInLayer ? file : { ...file, mode: 0o644 }]];
    }),
  );
}

/** `layers/base/`, of each layer that `preset.yaml` names. A broken file names none: it is refused when it is parsed. */
async function layerFolders(file: TreeFile | undefined): Promise<string[]> {
  if (!file) return [];
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(Buffer.from(file.content).toString('utf8'));
    const { layers } = Object(document.toJS({ maxAliasCount: 100 })) as { layers?: unknown };
    const paths = (Array.isArray(layers) ? (layers as unknown[]) : []).map((layer) => Object(layer).path as unknown);
    return paths.flatMap((path) => (typeof path === 'string' ? [`${path}/`] : []));
  } catch {
    return [];
  }
}
