import type { ChildProcess } from 'node:child_process';

/** Resolves when it is gone. */
export async function endOf(running: ChildProcess | null, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (running?.exitCode !== null) return;
  const gone = new Promise((resolve) => running.once('exit', resolve));
  running.kill(signal);
  await gone;
}
