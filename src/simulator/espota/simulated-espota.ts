/**
 * An Arduino sketch with ArduinoOTA in memory: its update protocol implemented a second time, from its own side. Knows
 * no runtime. Source: `ArduinoOTA.cpp` of arduino-esp32 (2024, and 3.3.1) and of the ESP8266's core.
 */
import type { Connection } from '../esphome/connection.ts';
import { type BreakingFault, dueAt, type EsphomeFault, type EsphomeFaultScript } from '../esphome/faults.ts';
import { ArduinoUpdater } from '../forms/arduino-updater.ts';
import { ConnectionDropped, type Power } from '../power.ts';
import { Resettable } from '../resettable.ts';
import { ESPOTA_DEFAULTS, type EspotaOptions } from './options.ts';
import { isRight, newNonce } from './password.ts';

/** From its “yes” to its restart. */
const RESTARTS_AFTER_MS = 110;
const FLASH_BLOCK = 4096;

/** The sender of a datagram. */
export interface Inviter {
  readonly answer: (text: string) => void;
  /** Null: nothing accepts the connection. */
  readonly connect: (port: number) => Promise<Connection | null>;
}

interface Invitation {
  readonly port: number;
  readonly size: number;
  readonly md5: string;
}

export class SimulatedEspota extends Resettable<EspotaOptions> {
  fault: EsphomeFaultScript | null = null;
  /** Each update that it connected for: the bytes that were written, and whether it will start the image. */
  readonly updates: { written: number; isTaken: boolean }[] = [];
  /** Passwords that were wrong. */
  refused = 0;
  #invitation: Invitation | null = null;
  /** The nonce of its open challenge; null: there is none. */
  #nonce: string | null = null;
  #isUpdating = false;
  #heard = 0;
  #running: Uint8Array<ArrayBuffer>;
  #bootable: Uint8Array<ArrayBuffer> | null = null;
  readonly #open = new Set<Connection>();

  constructor(options: Partial<EspotaOptions> = {}) {
    super({ ...ESPOTA_DEFAULTS, ...options });
    this.#running = new Uint8Array(this.options.firmware);
  }

  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /**
   * What it announces as `_arduino._tcp` now; null: nothing.
   *
   * @param port that it takes invitations at
   */
  announced(port: number): Readonly<Record<string, string>> | null {
    const { name, board, password, announces } = this.options;
    if (this.away || !announces) return null;
    const auth = password === null ? 'no' : 'yes';
    return { name, board, tcp_check: 'no', ssh_upload: 'no', auth_upload: auth, port: String(port) };
  }

  protected reset(): boolean {
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    this.#isUpdating = false;
    this.#nonce = null;
    const { boots, comesBack, chip } = this.options;
    const next = this.#bootable;
    this.#bootable = null;
    const starts = next !== null && boots(next);
    if (next !== null && (starts || chip === 'ESP8266')) this.#running = next;
    return next === null || (comesBack && (starts || chip !== 'ESP8266'));
  }

  /** Receives a datagram. Resolves when everything that follows from it is done. Never rejects. */
  async hear(text: string, from: Inviter): Promise<void> {
    if (this.away) return;
    this.#heard += 1;
    if (this.#heard <= this.options.losesDatagrams) return;
    // Its loop does nothing else meanwhile.
    if (this.#isUpdating) return;
    try {
      if (this.#nonce === null) await this.#invited(text, from);
      else await this.#answered(text, this.#nonce, from);
    } catch (error) {
      if (!(error instanceof ConnectionDropped)) throw error;
    }
  }

  async #invited(text: string, from: Inviter): Promise<void> {
    const [, port, size, md5] = /^ *0 +(\d+) +(\d+) (\S+)\s*$/.exec(text) ?? [];
    if (port === undefined || md5?.length !== 32) return;
    this.#invitation = { port: Number(port), size: Number(size), md5 };
    if (this.options.password === null) return this.#accept(from);
    this.#nonce = newNonce(this.options);
    from.answer(`AUTH ${this.#nonce}`);
  }

  async #answered(text: string, nonce: string, from: Inviter): Promise<void> {
    this.#nonce = null;
    const [, answer] = /^ *200 (.*)\n$/.exec(text) ?? [];
    const digits = this.options.auth === 'md5' ? 32 : 64;
    // Anything else, or of another length, is ignored.
    if (answer?.split(' ').every((part) => part.length === digits) !== true) return;
    if (isRight(answer, nonce, this.options)) return this.#accept(from);
    this.refused += 1;
    from.answer('Authentication Failed');
  }

  async #accept(from: Inviter): Promise<void> {
    const invitation = this.#invitation;
    if (invitation === null) return;
    const { chip, slotBytes, reachesClient } = this.options;
    const isTooLarge = invitation.size > slotBytes;
    if (chip === 'ESP8266' && isTooLarge) {
      from.answer('ERR: ERROR[4]: Not Enough Space\r\n');
      return;
    }
    from.answer('OK');
    // An ESP32 says “yes” first, and finds out later.
    if (isTooLarge) return;
    this.#isUpdating = true;
    const { power } = this;
    try {
      const connection = reachesClient ? await from.connect(invitation.port) : null;
      power.check();
      if (connection !== null) await this.#update(invitation, connection, power);
    } finally {
      if (this.power === power) this.#isUpdating = false;
    }
  }

  async #update({ size, md5 }: Invitation, connection: Connection, power: Power): Promise<void> {
    const taken = { written: 0, isTaken: false };
    this.updates.push(taken);
    const { length: nth } = this.updates;
    const fault = this.fault?.({ route: 'ota', nth, index: nth }) ?? null;
    // The script may have cut the power just now: nothing more is done then.
    if (!power.isOn) connection.close();
    power.check();
    const { costs, readsBytes, chip, restartsItself } = this.options;
    const updater = new ArduinoUpdater(this.options);
    this.#open.add(connection);
    const say = (text: string): Promise<void> => connection.write(new TextEncoder().encode(text));
    const breaks = async (at: Parameters<typeof dueAt>[1]): Promise<void> => {
      const due = dueAt(fault, at);
      if (due !== null) await this.#fail(due, connection.gone);
    };
    try {
      updater.begin();
      updater.setMd5(md5);
      await breaks('before');
      while (taken.written < size) {
        const bytes = await connection.read(Math.min(readsBytes, size - taken.written));
        await this.pause((costs.programMsPerBlock * bytes.length) / FLASH_BLOCK, power);
        const isWritten = updater.write(asArrived(bytes, fault, taken.written));
        taken.written += bytes.length;
        await breaks({ bytes: taken.written });
        // An error ends the update at once.
        if (!isWritten) break;
        await say(String(bytes.length));
      }
      await breaks('written');
      if (!updater.end()) {
        await say(chip === 'ESP8266' ? `ERROR[0]: ${updater.error ?? ''}\r\n` : `${updater.error ?? ''}\r\n`);
        return;
      }
      this.#bootable = updater.bootable;
      taken.isTaken = true;
      if (restartsItself) this.restartSoon(power, RESTARTS_AFTER_MS);
      await breaks('after');
      await say('OK');
    } finally {
      updater.abort();
      connection.close();
      this.#open.delete(connection);
    }
  }

  /** Never answers. */
  async #fail({ kind }: BreakingFault, gone: Promise<void>): Promise<never> {
    if (kind === 'hang') await gone;
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }
}

/**
 * The bytes as they arrive, with the bit that was flipped on the way.
 *
 * @param at offset of the first byte
 */
function asArrived(bytes: Uint8Array<ArrayBuffer>, fault: EsphomeFault | null, at: number): Uint8Array<ArrayBuffer> {
  if (fault?.kind === 'corrupt' && fault.at >= at && fault.at < at + bytes.length) {
    const place = fault.at - at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
  }
  return bytes;
}
