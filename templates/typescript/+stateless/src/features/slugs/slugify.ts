const marks = /\p{Mark}/gu;
const separators = /[^\p{Letter}\p{Number}]+/gu;

/** The part of a URL that a title becomes: "Crème brûlée!" is `creme-brulee`. */
export function slugify(title: string): string {
  const words = title.normalize("NFKD").replace(marks, "").toLowerCase().split(separators);
  return words.filter((word) => word !== "").join("-");
}
