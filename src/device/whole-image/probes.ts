/**
 * The questions that find out which device is at an address: a row for each dialect, asked in this order, one at a
 * time, since most of these servers take one client. A row asks by GET, without a secret, and only for what has no
 * effect: never for `/ota/start`, `/u3`, `/u4` or `/up`, which do something to some device.
 */
import type { Clock } from '../../model/clock.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { FoundWhole } from '../../model/device/whole-image-link.ts';
import { isLeftToHost } from '../../model/device/dialect.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps, Probe } from '../link-deps.ts';
import type { DeviceTarget } from '../target.ts';
import { wled } from './links.ts';

/**
 * The most telling first: an answer that no other device gives. Pages that many devices have come last. The questions
 * that only a host can ask are in `of-host.ts`.
 */
const PROBES: readonly Probe[] = [{ dialect: 'wled', ask: async (...asked) => (await wled()).askInfo(...asked) }];

/** How long one question waits for a sign, in milliseconds. */
export const EACH_MS = 1_500;
/** The longest that an address without a device may take, in milliseconds, whatever the browser does. */
const NOBODY_MS = 1_900;

/**
 * Asks an address what it is. Null: something else, or nothing that can be read. `nobody`: nothing answered in time. Rejects
 * with `aborted` only.
 *
 * @param probes for tests
 */
export async function probeWhole(
  target: DeviceTarget,
  options: RequestOptions,
  deps: LinkDeps,
  probes: readonly Probe[] = [...PROBES, ...(deps.onHost?.probes ?? [])],
): Promise<FoundWhole | 'nobody' | null> {
  const since = deps.clock.now();
  let answers = false;
  for (const { dialect, ask } of probes) {
    // A page could not read their answers.
    if (deps.onHost === undefined && isLeftToHost(dialect)) continue;
    const leftMs = answers ? EACH_MS : NOBODY_MS - passed(deps.clock, since);
    if (leftMs <= 0) return null;
    try {
      const identity = await ask(target, { ...options, timeoutMs: Math.min(options.timeoutMs, EACH_MS, leftMs) }, deps);
      if (identity !== null) return { dialect, identity };
      answers = true;
    } catch (error) {
      if (!(error instanceof UpdateError) || options.signal.aborted) throw error;
      // A device that is silent at the first question is silent at the others, and each would have to time out.
      if (error.code === 'silent') return answers ? null : 'nobody';
      answers ||= error.status !== null;
    }
  }
  return null;
}

function passed(clock: Clock, since: number): number {
  return clock.now() - since;
}
