/** The folder where the host keeps its authority and what it knows of devices. */
import { mkdirSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where each system wants a program's own data of one user. */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'moult');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'moult');
  // The base directory specification: a relative path there counts as unset.
  const data = env['XDG_DATA_HOME'] ?? '';
  return join(data.startsWith('/') ? data : join(home, '.local', 'share'), 'moult');
}

/** Makes the folder, for this user alone. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Writes a file for this user alone, and never half of it: a new file takes the old one's place. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  // The mode above holds for new files only, and a `.new` may be left over from a crash.
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}
