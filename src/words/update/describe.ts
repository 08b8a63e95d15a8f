/** What an update in chunks is doing, and how it ended, in words (`describe-any.ts`: of every kind): what happened, what it means, what to do. Plain text. */
import { traitsOf } from '../../model/device/dialect.ts';
import type { UpdateState } from '../../model/update/update-state.ts';
import { capital } from '../kit/locale.ts';
import { wholeSeconds } from '../kit/quantities.ts';
import { describeActive } from './describe-active.ts';
import { describeFailed, stillRuns } from './describe-failed.ts';
import { nextOf, runsOut } from './error-words.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { asReadOn } from './surface.ts';
import { type Names, surfaceOf, type ToldOutcome, type Words } from './told.ts';

export function describe(state: UpdateState, names: Names): Words {
  return state.phase === 'ended' ? describeOutcome(state, names) : describeActive(state);
}

/** How an update ended, as far as it is told. */
export function describeOutcome(state: ToldOutcome, names: Names): Words {
  const image = names.version ?? 'the new firmware';
  const title = OUTCOME_WORDS[state.outcome];
  // Told by `whole-image.ts`.
  if ('by' in state) return { title, detail: '' };
  switch (state.outcome) {
    case 'updated':
      return { title, detail: `${names.device} runs ${image} now, from slot ${state.slot}.` };
    case 'accepted':
      return {
        title,
        detail: `It can’t report what it runs: check the device. ${names.device} ${state.hashNamed ? 'checked the hash and took' : 'said that it took'} ${image}.`,
      };
    case 'staged':
      return {
        title,
        detail: `${image === names.version ? image : capital(image)} is written to ${names.device} and starts at its next restart. Until then it runs its old firmware: restart it to run the new one.`,
      };
    case 'rolled-back':
      return {
        title,
        detail: describeRolledBack(state, names.device),
      };
    case 'rejected': {
      const still = stillRuns(state.oldFirmware, state.oldFirmware === 'unknown' ? names.device : 'It');
      return {
        title,
        detail: `${names.device} refused the firmware at the end${state.said ? `: "${state.said}"` : ''}. ${still} Send the file again; if this repeats, the file may be damaged.`,
      };
    }
    case 'not-seen-again':
      return {
        title,
        detail: `${names.device} has the whole firmware, was told to start it, and has not answered for ${wholeSeconds(state.patienceMs)}. Which firmware it runs is unknown. It may have a new address, or have lost its power. ${
          traitsOf(state.dialect)?.provesWhatRuns === 'nothing'
            ? nextOf('unconfirmed', surfaceOf(names))
            : asReadOn(surfaceOf(names), '{Again} to check again: nothing is written before the result is known.')
        }`,
      };
    case 'cancelled':
      return { title, detail: describeCancelled(state, names) };
    case 'failed':
      return describeFailed(state, names);
  }
}

function describeRolledBack(
  { slot, isPrevious, fellBack }: Extract<ToldOutcome, { outcome: 'rolled-back'; slot: string }>,
  device: string,
): string {
  const what = isPrevious
    ? `${device} restarted into ${slot}, the previous slot: it still runs its old firmware.`
    : `${device} restarted into ${slot}, which is neither the slot that was written nor the one that ran before: which firmware it runs is unknown.`;
  const why = fellBack
    ? 'Its bootloader was set to start the new firmware and went back: the new one does not start there.'
    : 'The new one did not start, or the device lost power before it switched.';
  return `${what} ${why} Send it again; if this repeats, check that it is built for this board.`;
}

function describeCancelled(state: Extract<ToldOutcome, { outcome: 'cancelled' }>, names: Names): string {
  if (state.oldFirmware === 'unknown') {
    const { acknowledged, total } = state.progress;
    return acknowledged === total
      ? `${names.device} already had the whole firmware and may restart into it. Check the device.`
      : `${names.device} may run the firmware of an earlier try: what it runs is unknown. Check the device.`;
  }
  if (!state.begun) return `Nothing was written to ${names.device}. It runs its old firmware.`;
  return describeIdle(state, names.device);
}

type Idle = Pick<Extract<ToldOutcome, { outcome: 'cancelled' }>, 'deviceIdle' | 'dialect'>;

/** Whether it is idle again, as far as it tells. */
function describeIdle({ deviceIdle, dialect }: Idle, device: string): string {
  if (deviceIdle === true) return `${device} is idle again and runs its old firmware.`;
  return `${describeOpen({ deviceIdle, dialect }, device)} It runs its old firmware.`;
}

function describeOpen({ deviceIdle, dialect }: Idle, device: string): string {
  if (runsOut(dialect)) {
    return deviceIdle === false
      ? `An update is still open on ${device} and ends by itself after a while.`
      : `The update on ${device} ends by itself after a while.`;
  }
  return deviceIdle === false
    ? `Someone else’s update is in progress on ${device} now.`
    : `${device} could not be told: the update may still be open on it, and the next one continues from there.`;
}
