/** Lets the browser save a text as a file, under `name`. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The click only asks for the download; the browser reads the blob after this task.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

/** Long enough for a browser that asks where to save, in milliseconds. */
const KEPT_MS = 60_000;

/** "moult-history-2026-05-01.csv": sorts by day in a folder. */
export function dated(name: string, extension: string, now: number): string {
  return `moult-${name}-${new Date(now).toISOString().slice(0, 10)}.${extension}`;
}
