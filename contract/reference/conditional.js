/** Whether If-None-Match names what is there: the weak comparison (RFC 9110, 8.8.3.2), which `*` always passes. */
export const isKnown = (header, tag) => header !== undefined && (isAny(header) || tagsOf(header, true).includes(tag));

/** The tags of which If-Match wants one, compared strongly; `undefined` if any will do. */
export const wanted = (header) => (header === undefined || isAny(header) ? undefined : tagsOf(header, false));

const isAny = (header) => header.trim() === '*';

function tagsOf(header, weak) {
  const found = header.match(/(W\/)?"[^"]*"/g) ?? [];
  return weak ? found.map((tag) => tag.replace(/^W\//, '')) : found.filter((tag) => !tag.startsWith('W/'));
}
