/** What a link to an update on the host saves in this browser, and the question before. */
import type { Clock } from '../../model/clock.ts';
import { type Device, placeOf } from '../../model/device/device.ts';
import type { JobDevice } from '../../model/jobs/job.ts';
import { addressOf } from '../device/device-of-form.ts';
import type { DevicesState } from '../device/devices.ts';
import type { QuestionsState } from '../questions.ts';
import { newDeviceAt } from './in-link.ts';

export interface FollowParts {
  readonly devices: Pick<DevicesState, '$devices' | 'saveAll'>;
  readonly questions: Pick<QuestionsState, 'ask'>;
  readonly clock: Pick<Clock, 'date'>;
  /** Makes an id nothing else has. */
  readonly newId: () => string;
}

/**
 * The device that the update is of, saved where it is not known here. Null: the person does not want to follow it, and
 * nothing is saved. Whoever follows it already is not asked.
 *
 * @param isFollowed whether this browser has that update's key for the device with this id
 */
export async function deviceToFollow(
  there: JobDevice,
  isFollowed: (deviceId: string) => boolean,
  { devices, questions, clock, newId }: FollowParts,
): Promise<Device | null> {
  const find = (): Device | undefined => devices.$devices.get().find((device) => placeOf(device) === placeOf(there));
  const known = find();
  if (known !== undefined && isFollowed(known.id)) return known;
  const named = { name: known?.name ?? there.name, address: addressOf(there.origin), isSaved: known !== undefined };
  if (!(await questions.ask({ kind: 'follow-update', ...named }))) return null;
  // Another link, or another tab, may have saved it while the question was open.
  const saved = find();
  if (saved !== undefined) return saved;
  const device = newDeviceAt(there, newId(), clock.date());
  await devices.saveAll([device], new Map());
  return device;
}
