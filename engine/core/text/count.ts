/** `1 file`, `2 files`, `1,200 files`. It does not use the locale tables, because they take time to load. */
export function count(number: number, noun: string): string {
  return `${String(number).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${number === 1 ? '' : 's'}`;
}
