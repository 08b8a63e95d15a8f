/** A host in a process of its own, which a test ends in any way and starts again over the same folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./host-child.ts', import.meta.url));

export interface StartedProcess {
  readonly port: number;
  /** Resolves when it is gone. */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

export class HostFolder {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'moult-killed-'));
  readonly #children: ChildProcess[] = [];

  constructor() {
    mkdirSync(join(this.#scratch, 'app'));
    writeFileSync(join(this.#scratch, 'app', 'index.html'), '<!doctype html><title>Moult</title>');
  }

  /** A path in the host's data folder. */
  path(...parts: readonly string[]): string {
    return join(this.#scratch, 'data', ...parts);
  }

  async start(): Promise<StartedProcess> {
    const args = ['--import=tsx', CHILD, join(this.#scratch, 'app'), this.path()];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    return {
      port: Number(port),
      end: async (signal) => {
        const gone = once(child, 'exit');
        child.kill(signal);
        await gone;
      },
    };
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#scratch, { recursive: true });
  }
}
