/** The client that people have on every machine, and that the makers of these devices name in their own documentation. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** "7.88.1"; null: there is none on this machine. */
export async function curlVersion(): Promise<string | null> {
  try {
    return /^curl (\S+)/.exec(await run(['--version']))?.[1] ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Sends the file at `path` in this field of a form. What is answered is left to the device to tell. */
export async function curlForm(url: string, field: string, path: string): Promise<void> {
  // Without the question whether to go on, which no such device knows and which would cost a second.
  await run(['--silent', '--show-error', '--header', 'Expect:', '--form', `${field}=@${path}`, url]);
}

async function run(args: readonly string[]): Promise<string> {
  const child = spawn('curl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`curl ended with ${code}`);
  return said;
}
