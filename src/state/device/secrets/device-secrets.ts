import { atom } from 'nanostores';
import { type Device, placeOf } from '../../../model/device/device.ts';
import { isInTab } from '../../../model/page/in-tab.ts';
import type { TokenKeeping, TokenVault } from '../../../model/page/stores.ts';
import { loginKey, readLogin, type Secrets } from './secrets.ts';

export interface DeviceSecretsParts {
  readonly vault: TokenVault;
  /** Waits until locked tokens are open; false where the person leaves them locked. Absent: none are ever locked. */
  readonly opened?: () => Promise<boolean>;
}

/** A device with a secret that was kept before the passphrase lock. */
export interface KeptBeforeLock {
  readonly device: Device;
  readonly field: 'token' | 'login';
}

/**
 * Tokens and logins in the vault. Each is bound to the place of its device (`placeOf`), and cannot be read for another.
 */
export class DeviceSecrets {
  /**
   * How each is kept, by the device's id for its token, by `loginKey` for its login. What is missing here does not
   * exist.
   */
  readonly $keeping = atom<ReadonlyMap<string, TokenKeeping>>(new Map());
  readonly #parts: DeviceSecretsParts;

  constructor(parts: DeviceSecretsParts) {
    this.#parts = parts;
  }

  /** Reads how the secrets of these devices are kept, which changes when a lock is opened or removed. */
  async load(devices: readonly Device[]): Promise<void> {
    const keeping = new Map<string, TokenKeeping>();
    for (const device of devices) {
      for (const key of keysOf(device.id)) {
        const kept = await this.#parts.vault.keeping(key, placeOf(device));
        if (kept !== null) keeping.set(key, kept);
      }
    }
    this.$keeping.set(keeping);
  }

  /** For where this very `device` says that requests go: it may have moved meanwhile. Asks for the passphrase where they are locked. */
  async of(device: Device): Promise<Secrets> {
    const { id } = device;
    await this.unlocked(id);
    const { vault } = this.#parts;
    const place = placeOf(device);
    return { token: await vault.get(id, place), login: readLogin(await vault.get(loginKey(id), place)) };
  }

  /** Whether they can be read, or there are none; asks for the passphrase where they are locked. */
  async unlocked(id: string): Promise<boolean> {
    if (!this.isEncrypted(id)) return true;
    return (await this.#parts.opened?.()) ?? true;
  }

  /** Whether any of the device's secrets may be locked. */
  isEncrypted(id: string): boolean {
    const keeping = this.$keeping.get();
    return keysOf(id).some((key) => keeping.get(key) === 'encrypted');
  }

  /** Of these devices, those with a secret that may still lie in the browser's files as it was before the passphrase lock. */
  async fromBeforeLock(devices: readonly Device[]): Promise<readonly KeptBeforeLock[]> {
    const { vault } = this.#parts;
    const found: KeptBeforeLock[] = [];
    for (const device of devices) {
      if (await vault.fromBeforeLock?.(device.id)) found.push({ device, field: 'token' });
      else if (await vault.fromBeforeLock?.(loginKey(device.id))) found.push({ device, field: 'login' });
    }
    return found;
  }

  /**
   * Secrets that stay (null) move to the place that the person gave the device. False: they are left locked, and
   * nothing moved.
   */
  async move(before: Device, to: string, typed: Secrets): Promise<boolean> {
    const from = placeOf(before);
    const untyped = [
      ...(typed.token === null ? [before.id] : []),
      ...(typed.login === null ? [loginKey(before.id)] : []),
    ];
    const staying = untyped.filter((key) => this.$keeping.get().has(key));
    if (from === to || staying.length === 0) return true;
    if (!(await this.unlocked(before.id))) return false;
    for (const key of staying) await this.#parts.vault.move(key, from, to);
    return true;
  }

  /** `key`: as in `$keeping`. `text` null: what is kept stays. Empty: nothing is to be kept. */
  async keep(key: string, text: string | null, keepPlain: boolean, place: string): Promise<void> {
    const { vault } = this.#parts;
    if (text === null) {
      // The checkbox may have changed while the secret stayed.
      const kept = this.$keeping.get().get(key);
      const ticked = kept === 'plain';
      if (vault.preferred !== 'memory' || kept === undefined || ticked === keepPlain) return;
      const known = await vault.get(key, place);
      if (known !== null) this.#note(key, await vault.put(key, known, keepPlain ? 'plain' : 'memory', place));
      return;
    }
    if (text === '') {
      await vault.remove(key);
      this.#note(key, null);
      return;
    }
    const usual = vault.preferred === 'memory' && keepPlain ? 'plain' : vault.preferred;
    const keeping = isInTab({ origin: new URL(place).origin }) ? 'memory' : usual;
    this.#note(key, await vault.put(key, text, keeping, place));
  }

  /** Takes them out of the vault; `forget` then says that there are none. */
  async remove(id: string): Promise<void> {
    for (const key of keysOf(id)) await this.#parts.vault.remove(key);
  }

  forget(id: string): void {
    for (const key of keysOf(id)) this.#note(key, null);
  }

  #note(key: string, keeping: TokenKeeping | null): void {
    const next = new Map(this.$keeping.get());
    if (keeping === null) next.delete(key);
    else next.set(key, keeping);
    this.$keeping.set(next);
  }
}

function keysOf(id: string): readonly [token: string, login: string] {
  return [id, loginKey(id)];
}
