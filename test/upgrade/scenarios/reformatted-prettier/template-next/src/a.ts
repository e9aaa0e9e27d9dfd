export const list = [
  "a",
  "b",
  "c",
];

export function start() {
  run("x");
}

export const last = 1;
