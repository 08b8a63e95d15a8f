/** What an update is doing, in words. */
import type { Dialect } from '../../model/device/dialect.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { ActiveState } from '../../model/update/update-state.ts';
import { MAY_BE_ONLY_UPDATE } from '../device/slots.ts';
import { wholeSeconds } from '../kit/quantities.ts';
import { meaning, WHY } from './error-words.ts';
import type { Words } from './told.ts';

/** Of a device that has taken bytes already: the browser may evidently reach it. */
const GONE = 'No answer: it is off, restarting or out of range.';

export function describeActive(state: ActiveState): Words {
  const begun = state.progress.acknowledged > 0;
  const over = state.startedOver ? describeStartingOver(state.startedOver, state.dialect) : '';
  const only = state.mayBeOnlyUpdate ? MAY_BE_ONLY_UPDATE : '';
  switch (state.phase) {
    case 'detecting':
      return { title: 'Connecting', detail: '' };
    case 'checking':
      return { title: begun ? 'Checking how much is written' : 'Checking before anything is erased', detail: '' };
    case 'beginning':
      return { title: 'Starting', detail: over || only || 'The device is making room. This can take half a minute.' };
    case 'writing':
      return { title: 'Writing', detail: over || only };
    case 'waiting':
      return describeWaiting(state, begun ? '' : over);
    case 'retrying':
      return over && !begun
        ? { title: 'Starting over', detail: over }
        : { title: 'Trying again', detail: begun && state.after === 'unreachable' ? GONE : WHY[state.after] };
    case 'finalizing':
      return { title: 'Verifying on the device', detail: '' };
    case 'restarting':
      return {
        title: 'Restarting',
        detail: `Looking for the device for up to ${wholeSeconds(state.patienceMs)}.`,
      };
    case 'confirming':
      return { title: 'Confirming', detail: 'It runs the new firmware, and is told to keep it.' };
  }
}

function describeWaiting({ why, progress }: Extract<ActiveState, { phase: 'waiting' }>, over: string): Words {
  switch (why) {
    case 'paused':
      return {
        title: 'Paused',
        detail:
          progress.acknowledged === progress.total
            ? 'The device has all of it and may restart into it. Nothing is checked until you resume.'
            : sentences(over, 'Nothing is sent until you resume.'),
      };
    case 'offline':
      return { title: 'Waiting for the network', detail: over || 'It continues from what the device has.' };
    case 'web-page':
      return {
        title: 'Waiting for the device',
        detail: sentences(
          over,
          'A web page answers in its place: this phone or computer may be on another network, or the network needs a sign-in.',
        ),
      };
    case 'device-session':
      return {
        title: 'Waiting for the device',
        detail: sentences(
          over,
          'Another update is in progress on it, from an earlier try or someone else, and has to time out.',
        ),
      };
  }
}

function describeStartingOver(code: UpdateErrorCode, dialect: Dialect | null): string {
  const told = code === 'session-spoilt' || code === 'not-counted' || code === 'session-lost';
  return `${meaning(code, dialect)} ${told ? 'So' : 'This device doesn’t report how much it has, so'} the upload starts from the beginning again.`;
}

function sentences(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(' ');
}
