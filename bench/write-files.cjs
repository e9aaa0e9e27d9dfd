/** The floor under any generator: the files of a service, ready in one JSON file, written by `node:fs`. */
const fs = require('node:fs');
const path = require('node:path');

const [, , source, target] = process.argv;
const made = new Set();
for (const [file, text] of JSON.parse(fs.readFileSync(source, 'utf8'))) {
  const full = path.join(target, file);
  const folder = path.dirname(full);
  if (!made.has(folder)) fs.mkdirSync(folder, { recursive: true });
  made.add(folder);
  fs.writeFileSync(full, text);
}
