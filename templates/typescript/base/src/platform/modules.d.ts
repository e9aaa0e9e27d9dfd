// What scripts/build.mjs makes of places in src, such as `plugins/*` or `features/*/routes`.

/** The default exports of their modules, in the order of the modules' names. */
declare module "all:*" {
  const exports: unknown[];
  export default exports;
}

/** How to import each of their modules, by its name. */
declare module "each:*" {
  const modules: Record<string, () => Promise<unknown>>;
  export default modules;
}
