/** What is behind ⋯ of a device: of its card, and of its row in the list. One list, as data. */
import type { App } from '../../state/app.ts';
import { hideDevice } from '../../state/device/hidden-device.ts';
import type { Device } from '../../model/device/device.ts';
import type { FirmwareRecord } from '../../model/firmware/firmware-record.ts';
import { reinstallLabel } from '../../words/device/card/device-card.ts';
import { CHECK_NOW, HISTORY_AND_SHARING } from '../../words/device/device-menu.ts';
import { CANCEL, DISCARD, EDIT, REMOVE, REPORT_FOR_HELP } from '../../words/kit/buttons.ts';
import { SEND_ANYWAY_ITEM } from '../../words/device/card/device-fit.ts';
import type { MenuItem } from '../kit/action-menu.ts';
import { OpenDeviceEvent, OpenSheetEvent } from '../kit/events.ts';
import { primaryAction, updateAction, type PrimaryActionParts, type Seen } from './primary-action.ts';

export type DeviceMenuParts = Pick<App, 'checks' | 'devices' | 'questions' | 'recorder' | 'removals'> &
  PrimaryActionParts;

/** @param files of the library: what ran before is reinstalled only from there */
export function deviceMenu(
  app: DeviceMenuParts,
  device: Device,
  seen: Seen & { readonly files: readonly FirmwareRecord[] },
  from: EventTarget,
): readonly MenuItem[] {
  const { id } = device;
  const { checks, updates } = app;
  const { update } = seen;
  const busy = update.kind === 'running' || update.kind === 'preparing';
  if (busy) {
    const disabled = update.kind === 'running' && update.cancelling;
    return [
      { key: 'cancel', label: CANCEL, disabled, press: () => updates.cancel(id) },
      ...sheets(app, device, false, from),
    ];
  }
  const items: MenuItem[] = [];
  // Something else stands in its place.
  if (primaryAction(app, device, seen, from).kind !== 'update') {
    items.push({ ...updateAction(app, device, seen, from), key: 'update' });
  }
  if (update.kind === 'offer') {
    items.push({ key: 'discard', label: DISCARD, press: () => void updates.dropOffer(id) });
  }
  // The chosen file does not fit the device, and the person may know better.
  if (seen.fit?.misfit?.canOverrule === true || hasRefusedOnHost(update)) {
    items.push({ key: 'send-anyway', label: SEND_ANYWAY_ITEM, press: () => void updates.sendAnyway(id) });
  }
  const { ranBefore } = device;
  if (ranBefore !== null && seen.files.some(({ sha256 }) => sha256 === ranBefore.sha256)) {
    const { sha256 } = ranBefore;
    items.push({ key: 'reinstall', label: reinstallLabel(ranBefore), press: () => void updates.start(id, { sha256 }) });
  }
  return [
    ...items,
    { key: 'check', label: CHECK_NOW, press: () => void checks.check(id) },
    ...sheets(app, device, update.kind === 'ended', from),
    {
      key: 'edit',
      label: EDIT,
      press: () => from.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device })),
    },
    { key: 'remove', label: REMOVE, press: () => void remove(app, device) },
  ];
}

/** The host asked the device, and the person may know better; this page may not even have the file. */
function hasRefusedOnHost(update: Seen['update']): boolean {
  if (update.kind !== 'ended' || update.onHost !== true || update.state.outcome !== 'failed') return false;
  return update.state.judgement?.canOverrule === true;
}

/** The page that a device serves itself has no room for them. */
function sheets({ recorder }: DeviceMenuParts, device: Device, ended: boolean, from: EventTarget): MenuItem[] {
  if (recorder === null) return [];
  const updateId = ended ? recorder.lastOf(device.id)?.id : undefined;
  const about: MenuItem = {
    key: 'about',
    label: HISTORY_AND_SHARING,
    press: () => from.dispatchEvent(new OpenSheetEvent({ kind: 'device', device })),
  };
  if (updateId === undefined) return [about];
  const press = (): unknown => from.dispatchEvent(new OpenSheetEvent({ kind: 'report', updateId }));
  return [{ key: 'report', label: REPORT_FOR_HELP, press }, about];
}

async function remove({ questions, devices, removals }: DeviceMenuParts, device: Device): Promise<void> {
  const { id, name } = device;
  if (await questions.ask({ kind: 'remove-device', device })) {
    await removals.offerUndo({ what: 'device', name }, hideDevice(devices, id));
  }
}
