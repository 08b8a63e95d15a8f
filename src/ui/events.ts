/** What elements ask of the shell. They cross shadow roots; nobody else listens. */
import type { Device } from '../update/device.ts';

/** The dialog "Device" as it opens: a saved device to edit, or what is already known of a new one. */
export type DialogSubject =
  | { readonly kind: 'saved'; readonly device: Device }
  | { readonly kind: 'new'; readonly name: string; readonly address: string; readonly token: string };

export const NEW_DEVICE: DialogSubject = { kind: 'new', name: '', address: '', token: '' };

export class OpenDeviceEvent extends Event {
  static readonly type = 'moult-open-device';
  readonly subject: DialogSubject;

  constructor(subject: DialogSubject) {
    super(OpenDeviceEvent.type, { bubbles: true, composed: true });
    this.subject = subject;
  }
}

/** Somebody pressed "Update" and there is nothing to send yet. */
export class WantFirmwareEvent extends Event {
  static readonly type = 'moult-want-firmware';

  constructor() {
    super(WantFirmwareEvent.type, { bubbles: true, composed: true });
  }
}
