/** Whether a `go.work` does not use a folder below it, where Go then refuses to build. */
export function isOutsideWorkspace(text: string, location: string): boolean {
  const plain = text.replace(/\/\/.*/g, '');
  const blocks = [...plain.matchAll(/^use\s*\(([^)]*)\)/gm)].flatMap(([, block = '']) => block.split(/\s+/));
  const single = [...plain.matchAll(/^use[ \t]+([^\s(]+)/gm)].map(([, folder = '']) => folder);
  const used = [...blocks, ...single].map((folder) =>
    folder.replaceAll('"', '').replace(/^\.\//, '').replace(/\/$/, ''),
  );
  return !used.includes(location);
}
