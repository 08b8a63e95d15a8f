/** What is said around a rollout: its title, why it could not begin, and what an earlier visit left of one. */
import { dayInWords } from '../device/moments.ts';
import { counted, plural } from '../kit/locale.ts';
import type { RolloutRecord } from '../../model/rollout/rollout-record.ts';
import type { NotStarted } from '../../model/rollout/rollout-view.ts';

export const UPDATE_MANY = 'Update many devices';
export const GO_ON_ALL_THE_SAME = 'Continue anyway';

/** @param what the version that is sent, or the file's name; null where neither is known any more */
export function rolloutTitle(what: string | null): string {
  return what === null ? 'Rollout' : `Rollout of ${what}`;
}

const NOT_STARTED: Readonly<Record<NotStarted, string>> = {
  'under-way': 'A rollout is already running.',
  'other-tab': 'Another tab of Moult is running a rollout. Finish or stop it there.',
  'no-firmware': 'No file is chosen yet. Choose a firmware file first.',
  'file-gone': 'Its file is no longer kept here. Choose the same file again, then continue.',
  'no-devices': 'None of its devices is still saved here.',
};

export function notStartedText(why: NotStarted): string {
  return NOT_STARTED[why];
}

/** @param now milliseconds since 1970 */
export function offerText(record: RolloutRecord, what: string, now: number): string {
  return `The rollout of ${what} from ${dayInWords(record.startedAt, now)} hasn’t finished. ${offerInWords(record)}`;
}

/** Of one on the host, which was started anew meanwhile. */
export function hostOfferText(onHost: 'ready' | 'needs-token'): string {
  return onHost === 'ready'
    ? 'The host was restarted meanwhile. It continues the rollout once you say so.'
    : 'The host was restarted and needs the devices’ tokens. “Continue” sends those that this browser keeps.';
}

/** What an earlier visit left, and what going on with it means. */
export function offerInWords({ devices, ended, stopped }: RolloutRecord): string {
  const far = `${ended.length} of ${counted(devices.length, 'device', 'devices')} ${plural(ended.length, 'is', 'are')} done.`;
  const left = plural(devices.length - ended.length, 'the other one', 'the others, each');
  const on = `It continues with ${left} from where it stopped.`;
  switch (stopped) {
    case null:
      return `${far} ${on}`;
    case 'stop-mark':
      return `${far} It stopped by itself: too many failed. ${on} Failures are then counted from zero.`;
    case 'person':
    case 'first-wave':
      return `${far} You stopped it. ${on}`;
  }
}
