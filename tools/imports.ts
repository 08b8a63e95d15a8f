/** Which file of `src` imports which, and where that leads back to where it began. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const SRC = 'src';

/** Files or rooms by name, each with those that it imports anything of, code or types. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** By path from the root of the repository, with forward slashes everywhere. */
export function fileImports(): Imports {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  return new Map(
    files.map((name) => {
      const path = join(SRC, name).replaceAll('\\', '/');
      return [path, new Set(importsOf(path, readFileSync(path, 'utf8')))];
    }),
  );
}

/** The files of ours that this code imports if it stands in this file: at once, when it needs them, or types only. */
export function importsOf(path: string, code: string): readonly string[] {
  const found = code.matchAll(/(?:from|import\(|import)\s*'(\.[^'?]+)/g);
  return [...found].map(([, specifier = '']) => posix.join(posix.dirname(path), specifier));
}

/**
 * For each file that leads back to itself, the shortest way, as "a -> b -> a"; each circle once, the shortest first:
 * where it is mended, longer ones often are, too.
 */
export function cyclesIn(imports: Imports): readonly string[] {
  const circles = [...imports.keys()].flatMap((file) => {
    const circle = circleFrom(file, imports);
    return circle === null ? [] : [fromItsFirst(circle)];
  });
  return [...new Set(circles)].sort((one, other) => one.length - other.length);
}

/** The files on the shortest way from this one back to itself. Null: none leads back. */
function circleFrom(start: string, imports: Imports): readonly string[] | null {
  const before = new Map<string, string>();
  const queue = [start];
  // A queue that grows while it is read: the nearest files come first.
  for (const file of queue) {
    for (const next of imports.get(file) ?? []) {
      if (next === start) return wayTo(file, before);
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  }
  return null;
}

function wayTo(file: string, before: ReadonlyMap<string, string>): readonly string[] {
  const previous = before.get(file);
  return previous === undefined ? [file] : [...wayTo(previous, before), file];
}

/** The same circle, whichever of its files it was found from. */
function fromItsFirst(circle: readonly string[]): string {
  const first = circle.reduce((one, other) => (other < one ? other : one));
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first].join(' -> ');
}
