/** What is said of an update on the host, for as long as it is true. */
import type { DevicesState } from '../device/devices.ts';
import type { NoticesState } from '../notices.ts';
import type { UpdatesState } from '../update/updates.ts';

export interface SayParts {
  readonly devices: Pick<DevicesState, '$devices' | 'find'>;
  readonly notices: Pick<NoticesState, 'show'>;
  readonly updates: Pick<UpdatesState, '$update'>;
}

/** Shows `text` until the device is removed, or else until its next update `begins`, or this one `ends`. */
export function sayOfDevice(
  text: string,
  { deviceId, until }: { readonly deviceId: string; readonly until: 'begins' | 'ends' },
  { devices, notices, updates }: SayParts,
): void {
  const takeAway = notices.show({ kind: 'host-job', text });
  const end = (): void => {
    for (const stop of stops) stop();
    takeAway();
  };
  const stops = [
    updates.$update(deviceId).listen(({ kind }, before) => {
      const begins = kind === 'preparing' && before?.kind !== 'preparing';
      if (until === 'begins' ? begins : kind === 'ended' || kind === 'rest') end();
    }),
    devices.$devices.listen(() => {
      if (devices.find(deviceId) === undefined) end();
    }),
  ];
}
