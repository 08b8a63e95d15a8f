/**
 * After a page was closed at the very end of an update: looks by itself what became of it. It only asks. Where the device
 * shows the end, the update is brought to it; else the offer stays, and the person decides.
 */
import type { Clock } from '../../model/clock.ts';
import { LOOK_TIMEOUT_MS } from '../../model/device/link.ts';
import { isWholeImage } from '../../model/device/whole-image-link.ts';
import { traitsOf } from '../../model/device/dialect.ts';
import { factsOf } from '../../model/update/error-codes.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { shownEnd, TRUST_A_RESTART_FOR_MS, wasHandedOver } from '../../update/preflight.ts';
import { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import { RESTART_ASK_EVERY_MS } from '../../update/time-limits.ts';
import type { ChecksState } from '../device/check/checks.ts';
import type { DevicesState } from '../device/devices.ts';
import type { LinkTo } from '../tools.ts';
import type { UpdatesState } from './updates.ts';

export interface LookBackParts {
  readonly updates: Pick<UpdatesState, '$update' | 'showLooking' | 'resumeOffer'>;
  readonly devices: Pick<DevicesState, 'find' | 'secrets'>;
  readonly checks: Pick<ChecksState, 'inTurn'>;
  readonly linkTo: LinkTo;
  readonly clock: Clock;
  /** Whether tokens would have to be unlocked first: nobody is asked for a passphrase unasked. */
  readonly isLocked: () => boolean;
}

/** Resolves when each of these devices has shown the end, or was looked for as long as a restart may take. */
export async function lookBack(parts: LookBackParts, deviceIds: readonly string[]): Promise<void> {
  await Promise.all(deviceIds.map((id) => lookAt(parts, id)));
}

async function lookAt(parts: LookBackParts, id: string): Promise<void> {
  const { updates, checks } = parts;
  const view = updates.$update(id).get();
  if (view.kind !== 'offer' || view.firmware === null || !isWorthALook(view.entry, parts)) return;
  const { entry } = view;
  const seen = { end: false };
  updates.showLooking(id, true);
  // A press on the card ends it: then that goes first.
  await checks.inTurn(id, async (signal) => {
    seen.end = await look(parts, id, entry, signal);
  });
  updates.showLooking(id, false);
  if (seen.end) await updates.resumeOffer(id, { onlyLook: true });
}

function isWorthALook(entry: JournalEntry, { clock, isLocked }: LookBackParts): boolean {
  const isRecent = clock.date() - entry.at <= TRUST_A_RESTART_FOR_MS;
  return wasHandedOver(entry) && isRecent && traitsOf(entry.dialect)?.provesWhatRuns === 'slot' && !isLocked();
}

/** Whether the device shows how it ended. */
async function look(parts: LookBackParts, id: string, entry: JournalEntry, signal: AbortSignal): Promise<boolean> {
  const { clock, devices } = parts;
  const device = devices.find(id);
  if (device === undefined) return false;
  const until = clock.now() + (device.patienceMs ?? RESTART_PATIENCE_MS);
  const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
  try {
    const open = parts.linkTo(device, await devices.secrets(device));
    for (;;) {
      const status = await orNothing(async () => {
        const link = await open(options);
        return isWholeImage(link) ? null : link.status(options);
      });
      if (status !== null && shownEnd(status, entry, clock.date()) !== 'unknown') return true;
      if (clock.now() >= until) return false;
      await clock.sleep(RESTART_ASK_EVERY_MS, signal);
    }
  } catch (error) {
    // Something else has begun meanwhile, or the device answers and will not say: the offer stays.
    if (signal.aborted || error instanceof UpdateError) return false;
    throw error;
  }
}

/** Null where nothing answered: it may be restarting. */
async function orNothing<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UpdateError && factsOf(error.code).device.answer === 'none' && error.code !== 'aborted')
      return null;
    throw error;
  }
}
