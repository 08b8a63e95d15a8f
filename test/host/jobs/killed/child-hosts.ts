/** Hosts in processes of their own, one after the other in one folder, which a test may end in any way. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Asked } from './host-child.ts';
import { JobPage } from '../job-host.ts';

const CHILD = fileURLToPath(new URL('./host-child.ts', import.meta.url));

export interface ChildHost {
  readonly port: number;
  readonly page: JobPage;
  /** Sends the signal before it answers. Resolves when the process has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export class ChildHosts {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'moult-killed-'));
  readonly #appDir: string;
  readonly #children: ChildProcess[] = [];

  /** `appDir`: the built page; absent: a page of one line. */
  constructor(appDir?: string) {
    this.#appDir = appDir ?? join(this.#scratch, 'app');
    if (appDir !== undefined) return;
    mkdirSync(this.#appDir);
    writeFileSync(join(this.#appDir, 'index.html'), '<!doctype html><title>Moult</title>');
  }

  /** The folder that they share. */
  get dataDir(): string {
    return join(this.#scratch, 'data');
  }

  async start(more: Partial<Pick<Asked, 'port' | 'running'>> = {}): Promise<ChildHost> {
    const asked: Asked = { appDir: this.#appDir, dataDir: this.dataDir, port: 0, ...more };
    const args = ['--import=tsx', CHILD, JSON.stringify(asked)];
    const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    if (child.stdout === null) throw new Error('no output');
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    };
    return { port: Number(port), page: new JobPage(Number(port)), end };
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#scratch, { recursive: true });
  }
}
