/** What elements ask of the shell. They cross shadow roots; nobody else listens. */
import type { Device } from '../../model/device/device.ts';

/** The dialog "Device" as it opens: a saved device to edit, or what is already known of a new one. */
export type DialogSubject =
  | {
      readonly kind: 'saved';
      readonly device: Device;
      /** What to begin with. */
      readonly field?: 'address' | 'token' | 'tokenHeader' | 'protocol' | 'chip' | 'prefix' | 'login';
      /** What a link or a code says of it, to be looked at and saved. */
      readonly said?: NewDevice;
    }
  | NewDevice;

/** What is known of a device that is to be added. */
export interface NewDevice {
  readonly kind: 'new';
  readonly name: string;
  readonly address: string;
  readonly token: string;
  /** The token under a short code, where a link brought it so. */
  readonly sealed?: string;
  /** The token stood in the page's own address as it is: the browser's history has it. */
  readonly inHistory?: true;
  /** Where it is not the usual one. */
  readonly tokenHeader?: string;
}

export const NEW_DEVICE: DialogSubject = { kind: 'new', name: '', address: '', token: '' };

export class OpenDeviceEvent extends Event {
  static readonly type = 'moult-open-device';
  readonly subject: DialogSubject;

  constructor(subject: DialogSubject) {
    super(OpenDeviceEvent.type, { bubbles: true, composed: true });
    this.subject = subject;
  }
}

/** A device was added. Its dialog is closed by then. */
export class SavedDeviceEvent extends Event {
  static readonly type = 'moult-saved-device';
  readonly deviceId: string;

  constructor(deviceId: string) {
    super(SavedDeviceEvent.type, { bubbles: true, composed: true });
    this.deviceId = deviceId;
  }
}

/** What opens over the page besides the dialog "Device"; each is loaded when it is first opened. */
export type Sheet =
  /** A text about the update with this id, to be handed to whoever helps. */
  | { readonly kind: 'report'; readonly updateId: string }
  /** What else there is to a device: its history, and handing it to another phone. */
  | { readonly kind: 'device'; readonly device: Device }
  /** Which keys there are. */
  | { readonly kind: 'keys' }
  /** The camera, for the code of a device that another phone shows. */
  | { readonly kind: 'scan' };

export class OpenSheetEvent extends Event {
  static readonly type = 'moult-open-sheet';
  readonly sheet: Sheet;

  constructor(sheet: Sheet) {
    super(OpenSheetEvent.type, { bubbles: true, composed: true });
    this.sheet = sheet;
  }
}

/** From this many devices on there is a search: fewer are seen at a glance. */
export const FILTER_FROM = 9;

/** Which devices are to be shown. Heard by the view around the filter. */
export class FilteredEvent extends Event {
  static readonly type = 'moult-filtered';
  readonly shows: (device: Device) => boolean;

  constructor(shows: (device: Device) => boolean) {
    super(FilteredEvent.type);
    this.shows = shows;
  }
}

/** Somebody pressed "Update" and there is nothing to send yet. */
export class WantFirmwareEvent extends Event {
  static readonly type = 'moult-want-firmware';

  constructor() {
    super(WantFirmwareEvent.type, { bubbles: true, composed: true });
  }
}
