import { existsSync, readdirSync } from "node:fs";
import { extname, join, parse } from "node:path";
import { pathToFileURL } from "node:url";

// `.js` after a build, `.ts` where Node runs the source itself.
const extension = extname(import.meta.filename);

/** Names of the modules of a folder, sorted, without tests and declarations. */
export function moduleNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && parse(file).name.split(".").length === 1)
    .map((file) => parse(file).name)
    .sort();
}

/** Imports one module of a folder; the caller states its shape. */
export async function importModule<Shape>(folder: string, name: string): Promise<Shape> {
  return await import(pathToFileURL(join(folder, name + extension)).href);
}

/** Default exports of every module of these folders, in the order of their names. */
export async function importDefaults<Shape>(...folders: string[]): Promise<Shape[]> {
  const modules = folders
    .flatMap((folder) => moduleNames(folder).map((name) => ({ folder, name })))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ folder, name }) => importModule<{ default: Shape }>(folder, name));
  return (await Promise.all(modules)).map((module) => module.default);
}

/** Default exports of `<folder>/<any>/<name>`, in the order of the sub-folders' names. */
export async function importFromEach<Shape>(folder: string, name: string): Promise<Shape[]> {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder)
    .sort()
    .filter((entry) => existsSync(join(folder, entry, name + extension)))
    .map((entry) => importModule<{ default: Shape }>(join(folder, entry), name));
  return (await Promise.all(found)).map((module) => module.default);
}
