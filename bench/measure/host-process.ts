/** A host in a process of its own, as `moult serve` starts it, and what it takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/host/moult.js', import.meta.url));
const BUFFER_WATCH = new URL('buffer-watch.ts', import.meta.url).href;

export class HostProcess {
  /** "http://localhost:51234" */
  readonly url: string;
  /** The most that its buffers held since this was last set, in bytes; 0 where nobody watches. */
  mostBuffers = 0;
  readonly #child: ReturnType<typeof spawn>;

  private constructor(url: string, child: ReturnType<typeof spawn>) {
    this.url = url;
    this.#child = child;
    child.on('message', (bytes) => (this.mostBuffers = Math.max(this.mostBuffers, Number(bytes))));
  }

  /**
   * @param folder its data folder
   * @param isWatched whether it tells what its buffers hold, for which it stops to collect garbage all the time: nothing of it may be
   * timed then
   */
  static async start(folder: string, isWatched = false): Promise<HostProcess> {
    const watch = isWatched ? ['--expose-gc', '--import=tsx', `--import=${BUFFER_WATCH}`] : [];
    const args = [...watch, PROGRAM, 'serve', '--no-lan', '--port', '0', '--data', folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    let said = '';
    for await (const part of child.stdout as AsyncIterable<Buffer>) {
      said += part.toString();
      if (said.includes('Ctrl+C')) break;
    }
    const url = /Moult is open at {2}(\S+)/.exec(said)?.[1];
    if (url === undefined) throw new Error(`the host said ${said}`);
    return new HostProcess(new URL(url).origin, child);
  }

  /** Resolves with what its buffers hold the next time that it tells. */
  async buffers(): Promise<number> {
    const [bytes] = (await once(this.#child, 'message')) as [number];
    return bytes;
  }

  /** In bytes. */
  memory(): Promise<number> {
    return this.#measured('process_resident_memory_bytes');
  }

  /** In seconds of one core, since its start. */
  processor(): Promise<number> {
    return this.#measured('process_cpu_seconds_total');
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async #measured(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`the host does not tell ${name}`);
    return Number(value);
  }
}
