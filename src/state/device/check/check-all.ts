import type { ChecksState } from './checks.ts';

/** Requests beyond this many would wait for each other in the browser and in the access point anyway. */
const AT_ONCE = 8;

/** Asks many devices, a few at a time. Resolves when all were asked. */
export async function checkAll(checks: Pick<ChecksState, 'check'>, ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const askNext = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await checks.check(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
}
