/** What a device's menu offers besides: each is a line in it. */
import type { Fit } from '../../state/device/fits.ts';
import type { App } from '../../state/app.ts';
import type { Device } from '../../model/device/device.ts';
import { SEND_ANYWAY_ITEM } from '../../words/device/device-fit.ts';

export interface MenuItem {
  readonly label: string;
  readonly act: () => unknown;
}

export type FitMenuParts = Pick<App, 'updates'>;

/** "Send anyway…", where the chosen file does not fit the device and the person may know better. */
export function fitItems(
  { updates }: FitMenuParts,
  device: Device,
  fits: ReadonlyMap<string, Fit>,
): readonly MenuItem[] {
  return fits.get(device.id)?.misfit?.canOverrule === true
    ? [{ label: SEND_ANYWAY_ITEM, act: () => updates.sendAnyway(device.id) }]
    : [];
}
