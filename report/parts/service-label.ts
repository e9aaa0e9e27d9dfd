/**
 * What a person calls a service: the folder that was named, or its name where that is the folder of the run or one above it.
 * @param name without a scope; nothing if the service could not be read
 */
export function serviceLabel({ folder, name }: { readonly folder: string; readonly name: string | undefined }): string {
  const hasNoName = /^\.\.?(\/\.\.)*\/?$/.test(folder);
  return hasNoName ? (name ?? (folder === '.' ? 'this folder' : folder)) : folder;
}

/** {@link serviceLabel} of a service whose answers are known, or none of them. */
export function labelFromAnswers({
  service,
  answers,
}: {
  readonly service: string;
  readonly answers: Readonly<Record<string, unknown>>;
}): string {
  const { name } = answers;
  return serviceLabel({ folder: service, name: typeof name === 'string' ? name.replace(/^@[^/]*\//, '') : undefined });
}
