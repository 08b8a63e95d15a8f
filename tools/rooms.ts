/**
 * `npm run rooms`: draws the rooms of `src` and which imports which into docs/architecture.md, as Mermaid. The drawing
 * is made of the imports themselves, and `test/tools/rooms.node.test.ts` fails where the document shows another one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { fileImports, type Imports } from './imports.ts';

const DOCUMENT = 'docs/architecture.md';
const BEGINNING = '<!-- Drawn by `npm run rooms`. -->\n```mermaid\n';
const END = '```\n';

/** The files directly in `src`: the composition roots, drawn as one. */
const ROOTS = 'roots';

/** The rooms in place of their files. */
export function roomImports(): Imports {
  const found = new Map<string, Set<string>>();
  for (const [file, imported] of fileImports()) {
    const room = roomOf(file);
    const targets = found.get(room) ?? new Set();
    found.set(room, targets);
    for (const target of [...imported].map(roomOf)) if (target !== room) targets.add(target);
  }
  return found;
}

function roomOf(path: string): string {
  const [, room = '', ...inner] = path.split('/');
  return inner.length === 0 ? ROOTS : room;
}

/**
 * An arrow is left out, of the composition roots as of every room, where other arrows lead to the same room: so the
 * drawing shows which room builds on which.
 */
export function mermaid(imports: Imports): string {
  const lines = ['flowchart TD'];
  const rooms = [...imports.keys()].sort((one, other) => one.localeCompare(other, 'en'));
  for (const room of rooms) {
    const direct = imports.get(room) ?? new Set<string>();
    const shown = [...direct].filter(
      (target) => ![...direct].some((via) => via !== target && reaches(imports, via, target)),
    );
    const label = room === ROOTS ? '  roots["main.ts, compose.ts, on-device.ts …"]' : `  ${room}`;
    lines.push(label, ...shown.sort().map((target) => `  ${room} --> ${target}`));
  }
  return `${lines.join('\n')}\n`;
}

function reaches(imports: Imports, from: string, to: string, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const targets = imports.get(from) ?? new Set<string>();
  return targets.has(to) || [...targets].some((next) => reaches(imports, next, to, seen));
}

/** @throws where the document has no place for it */
export function drawnIn(document: string): string {
  const [, after] = document.split(BEGINNING);
  const end = after?.indexOf(END) ?? -1;
  if (after === undefined || end < 0) throw new Error(`${DOCUMENT} has no place for the drawing`);
  return after.slice(0, end);
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const document = readFileSync(DOCUMENT, 'utf8');
  // A function: a `$` in it is no pattern.
  writeFileSync(
    DOCUMENT,
    document.replace(BEGINNING + drawnIn(document), () => BEGINNING + mermaid(roomImports())),
  );
}
