/** Keeps a folder for as long as a program works in it. */
import { DataError } from './data-error.ts';
import { withFolderLock } from './folder-lock.ts';

/** Milliseconds to wait for another one that is just ending. What a dead one left is taken at once. */
const PATIENCE_MS = 1_000;

/** Resolves when another process may have the folder. */
export type LetGo = () => Promise<void>;

/** Answers how to let go of the folder again; null where another process, or another holder in this one, has it. */
export function holdFolder(folder: string): Promise<LetGo | null> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    // Another holder in this very process has its turn, and does not end by itself.
    const timer = setTimeout(() => {
      isLate = true;
      resolve(null);
    }, PATIENCE_MS * 2);
    const holding: Promise<void> = withFolderLock(
      folder,
      () =>
        new Promise<void>((letGo) => {
          clearTimeout(timer);
          if (isLate) letGo();
          else {
            resolve(async () => {
              letGo();
              await holding;
            });
          }
        }),
      PATIENCE_MS,
    );
    holding.catch((error: unknown) => {
      clearTimeout(timer);
      if (error instanceof DataError) resolve(null);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
