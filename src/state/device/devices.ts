import { atom } from 'nanostores';
import { placeOf, type ChunkBytes, type Device, type RanFirmware, type Route } from '../../model/device/device.ts';
import type { Dialect } from '../../model/device/dialect.ts';
import { isInTab } from '../../model/page/in-tab.ts';
import type { DeviceStore } from '../../model/page/stores.ts';
import { DeviceSecrets, type DeviceSecretsParts, type KeptBeforeLock } from './secrets/device-secrets.ts';
import { addressOf, deviceOf } from './device-of-form.ts';
import { DEFAULT_PREFIX, readForm, STILL_LOCKED, type DeviceForm, type NotSaved } from './read-form.ts';
import { loginKey, loginText, unpacked, type Secrets } from './secrets/secrets.ts';
import type { ReadAddress, ReadPrefix } from '../tools.ts';

export { isInTab } from '../../model/page/in-tab.ts';

export type SaveResult = { readonly kind: 'saved'; readonly device: Device } | NotSaved;

/** What was found out about a device while speaking to it. Absent: nothing new. */
export interface Learned {
  readonly dialect?: Dialect;
  readonly chunkBytes?: ChunkBytes;
  readonly chipId?: number;
  readonly chipLeftOpen?: true;
  /** Null: it may run something else by now. */
  readonly runs?: RanFirmware | null;
  readonly ranBefore?: RanFirmware | null;
  /** Null: forget it, and find out anew. */
  readonly route?: Route | null;
  readonly gatewayFailedAt?: number | null;
  readonly lastSeen?: number;
}

export interface DevicesParts extends DeviceSecretsParts {
  readonly store: DeviceStore;
  readonly readAddress: ReadAddress;
  readonly readPrefix: ReadPrefix;
  /** Makes an id nothing else has. */
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly today: () => number;
}

/** The saved devices. The list changes as a whole; a device is never changed in place. */
export class DevicesState {
  readonly $devices = atom<readonly Device[]>([]);
  /** How each device's token is kept, and its login (`loginKey`). What is missing here does not exist. */
  readonly $keeping;
  readonly $loaded = atom(false);
  readonly #parts: DevicesParts;
  readonly #secrets: DeviceSecrets;

  constructor(parts: DevicesParts) {
    this.#parts = parts;
    this.#secrets = new DeviceSecrets(parts);
    this.$keeping = this.#secrets.$keeping;
  }

  /** How a token is kept where the person says nothing. */
  get preferredKeeping(): 'encrypted' | 'memory' {
    return this.#parts.vault.preferred;
  }

  /** Whether a token that cannot be encrypted here can be kept as it is. */
  get keepsPlain(): boolean {
    return this.#parts.vault.keepsPlain;
  }

  async load(): Promise<void> {
    const devices = (await this.#parts.store.all()).map((device) => this.#shownTruly(device));
    await this.#secrets.load(devices);
    this.$devices.set(devices);
    this.$loaded.set(true);
  }

  find(id: string): Device | undefined {
    return this.$devices.get().find((device) => device.id === id);
  }

  /** The saved device at an address as people type it, or as a link brings it. */
  findAt(typed: string): Device | undefined {
    const address = this.#parts.readAddress(typed.trim());
    if (address.kind !== 'address') return undefined;
    const { origin, prefix } = address;
    return this.$devices
      .get()
      .find((device) => device.origin === origin && device.prefix === (prefix ?? DEFAULT_PREFIX));
  }

  /** Where a typed address leads: "http://192.168.1.50:8080"; null where it is none yet. */
  originOf(typed: string): string | null {
    const address = this.#parts.readAddress(typed.trim());
    return address.kind === 'address' ? address.origin : null;
  }

  /** The token; asks for the passphrase where it is locked. Null where there is none, or none to be had. */
  async token(id: string): Promise<string | null> {
    const device = this.find(id);
    return device === undefined ? null : (await this.secrets(device)).token;
  }

  /** Token and login, as `token` does: for where this very `device` says that requests go. It may have moved meanwhile. */
  secrets(device: Device): Promise<Secrets> {
    return this.#secrets.of(device);
  }

  /** Whether the secrets can be read, or there are none; asks for the passphrase where they are locked. */
  unlocked(id: string): Promise<boolean> {
    return this.#secrets.unlocked(id);
  }

  /** Whether any of the device's secrets may be locked. */
  isEncrypted(id: string): boolean {
    return this.#secrets.isEncrypted(id);
  }

  /** Whether a user and password are kept for the device. */
  keepsLogin(id: string): boolean {
    return this.$keeping.get().has(loginKey(id));
  }

  /**
   * Devices with a secret that was kept before there was a passphrase lock, and may still lie as it was in the
   * browser's files.
   */
  fromBeforeLock(): Promise<readonly KeptBeforeLock[]> {
    return this.#secrets.fromBeforeLock(this.$devices.get());
  }

  /** Saves a new device, or the one with `id` as it is now described. */
  async save(form: DeviceForm, id?: string): Promise<SaveResult> {
    const before = id === undefined ? undefined : this.find(id);
    const others = this.$devices.get().filter((device) => device !== before);
    const read = readForm(form, before, others, this.#parts);
    if (read.kind === 'wrong') return read;
    const { token, login, ...described } = read.form;
    const place = placeOf(described);
    if (before !== undefined && !(await this.#secrets.move(before, place, { token, login }))) return STILL_LOCKED;
    const { newId, today } = this.#parts;
    const device = deviceOf(form, described, before, { newId, added: () => this.#later(today()) });
    await this.#secrets.keep(device.id, token, form.keepPlain, place);
    const text = login === null || login.password === '' ? '' : loginText(login);
    await this.#secrets.keep(loginKey(device.id), login === null ? null : text, form.keepPlain, place);
    await this.#put(device);
    return { kind: 'saved', device };
  }

  /** Saves many as they are, all or none; then their secrets, packed, by device id. */
  async saveAll(asGiven: readonly Device[], tokens: ReadonlyMap<string, string>): Promise<void> {
    const devices = this.#inTheirOrder(asGiven.map((device) => this.#shownTruly(device)));
    await this.#parts.store.saveAll(devices.filter((device) => !isInTab(device)));
    const saved = new Map(devices.map((device) => [device.id, device]));
    const known = this.$devices.get();
    const added = devices.filter(({ id }) => known.every((each) => each.id !== id));
    this.$devices.set([...known.map((each) => saved.get(each.id) ?? each), ...added]);
    for (const [id, device] of saved) {
      const { token, login } = unpacked(tokens.get(id) ?? '');
      const place = placeOf(device);
      if (token !== null && token !== '') await this.#secrets.keep(id, token, false, place);
      if (login !== null) await this.#secrets.keep(loginKey(id), loginText(login), false, place);
    }
  }

  async remove(id: string): Promise<void> {
    await this.#secrets.remove(id);
    await this.#parts.store.remove(id);
    this.#secrets.forget(id);
    this.$devices.set(this.$devices.get().filter((device) => device.id !== id));
  }

  async learn(id: string, learned: Learned): Promise<void> {
    const device = this.find(id);
    // Removed while its update was under way.
    if (device === undefined) return;
    await this.#put({ ...device, ...learned });
  }

  /** Reads anew how tokens are kept, which changes when a lock is opened or removed. */
  loadKeeping(): Promise<void> {
    return this.#secrets.load(this.$devices.get());
  }

  /**
   * The address as it was typed is shown, so it must be where requests go. A record that was changed, or a file, may say
   * otherwise; then the address that counts is shown.
   */
  #shownTruly(device: Device): Device {
    const { typed, origin, prefix } = device;
    const read = this.#parts.readAddress(typed);
    const isTrue = read.kind === 'address' && read.origin === origin && (read.prefix ?? prefix) === prefix;
    return isTrue ? device : { ...device, typed: URL.canParse(origin) ? addressOf(origin) : origin };
  }

  /**
   * Devices are sorted by the time they were added, so each device of one import needs a time of its own to stay in the
   * file's order.
   */
  #inTheirOrder(devices: readonly Device[]): readonly Device[] {
    let last = this.#later(-Infinity);
    return devices.map((device) => {
      if (this.find(device.id) !== undefined) return device;
      const added = Math.max(device.added, last);
      last = added + 1;
      return { ...device, added };
    });
  }

  /** `time`, but never before the millisecond after the newest saved device. Both in milliseconds since 1970. */
  #later(time: number): number {
    return Math.max(time, ...this.$devices.get().map(({ added }) => added + 1));
  }

  async #put(device: Device): Promise<void> {
    const devices = this.$devices.get();
    const known = devices.some(({ id }) => id === device.id);
    this.$devices.set(known ? devices.map((each) => (each.id === device.id ? device : each)) : [...devices, device]);
    if (!isInTab(device)) await this.#parts.store.save(device);
  }
}
