/** An ESPHome device in memory: its update protocol implemented a second time, from its own side. Knows no runtime. */
import { ConnectionDropped, type Power } from '../power.ts';
import { Resettable } from '../resettable.ts';
import { serveApi } from './api.ts';
import { type EsphomeBuild, esphomeBuildOf } from './build.ts';
import type { Connection } from './connection.ts';
import type { BreakingFault, EsphomeFaultScript, EsphomeRoute } from './faults.ts';
import { ESPHOME_DEFAULTS, type EsphomeOptions } from './options.ts';
import { type Hashes, takeUpdate, type Taken } from './take-update.ts';

/** From its “yes” to its restart. */
const RESTARTS_AFTER_MS = 110;
/** After so long a start counts as good, and the new firmware is no longer rolled back. */
export const GOOD_AFTER_MS = 60_000;

export class SimulatedEsphome extends Resettable<EsphomeOptions> {
  fault: EsphomeFaultScript | null = null;
  /** Every connection that went beyond its greeting. */
  readonly updates: Taken[] = [];
  /** How many connections came to each port. */
  readonly connections: Record<EsphomeRoute, number> = { ota: 0, api: 0 };
  readonly #hashes: Hashes;
  readonly #open = new Set<Connection>();
  #running: Uint8Array<ArrayBuffer>;
  /** What it rolls back to, while the new firmware has not run for a minute. */
  #before: Uint8Array<ArrayBuffer> | null = null;
  #bootable: Uint8Array<ArrayBuffer> | null = null;
  #isUpdating = false;

  constructor(hashes: Hashes, options: Partial<EsphomeOptions> = {}) {
    super({ ...ESPHOME_DEFAULTS, ...options });
    this.#hashes = hashes;
    this.#running = new Uint8Array(this.options.firmware);
  }

  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /** The build that it runs; null where that is no ESPHome. */
  get build(): EsphomeBuild | null {
    return esphomeBuildOf(this.#running);
  }

  /** What it announces on its network now; null: nothing. */
  get announced(): Readonly<Record<string, string>> | null {
    const { build, away, options } = this;
    if (build === null || away || !options.announces) return null;
    const { friendlyName, platform, board, mac, configHash, api } = options;
    return {
      ...{ name: build.node, friendly_name: friendlyName, version: build.version, platform, board, network: 'wifi' },
      mac: mac.replaceAll(':', '').toLowerCase(),
      ...(configHash === null ? {} : { config_hash: configHash(this.#running) }),
      ...(api === 'encrypted' ? { api_encryption: 'Noise_NNpsk0_25519_ChaChaPoly_SHA256' } : {}),
    };
  }

  protected reset(awayMs: number): boolean {
    this.#isUpdating = false;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    const { boots, comesBack } = this.options;
    const next = this.#bootable;
    this.#bootable = null;
    // New firmware that has not proven itself is not started a second time.
    if (next === null && this.#before !== null) this.#running = this.#before;
    this.#before = null;
    if (next !== null && boots(next)) {
      this.#before = this.#running;
      this.#running = next;
    }
    const isBack = next === null || comesBack;
    if (this.#before !== null && isBack && awayMs !== Infinity) this.#proveItself(awayMs, this.power);
    return isBack;
  }

  /** The new firmware runs for its first minute, or crashes in it. */
  #proveItself(awayMs: number, power: Power): void {
    const { clock, crashesAfterMs } = this.options;
    void clock.sleep(awayMs + (crashesAfterMs ?? GOOD_AFTER_MS)).then(() => {
      if (this.power !== power) return;
      if (crashesAfterMs !== null) this.restart();
      else this.#before = null;
    });
  }

  /** Whether this port accepts connections just now. */
  listens(route: EsphomeRoute): boolean {
    return !this.away && this.build !== null && (route === 'ota' || this.options.api !== 'none');
  }

  /** Answers one connection to its end. Never rejects. */
  async serve(route: EsphomeRoute, connection: Connection): Promise<void> {
    const { build } = this;
    if (!this.listens(route) || build === null) {
      connection.close();
      return;
    }
    this.connections[route] += 1;
    const { ota, api } = this.connections;
    const { power } = this;
    // The script may cut the power here: nothing more is done then.
    const fault = this.fault?.({ route, nth: this.connections[route], index: ota + api }) ?? null;
    this.#open.add(connection);
    try {
      if (this.options.costs.roundTripMs > 0) await this.options.clock.sleep(this.options.costs.roundTripMs);
      power.check();
      if (route === 'api') {
        if (fault !== null && 'when' in fault && fault.kind !== 'error') await this.fail(fault, connection.gone);
        if (fault === null) await serveApi(connection, build, this.options);
      } else await this.#update(connection, fault, power);
    } catch (error) {
      if (!(error instanceof ConnectionDropped)) throw error;
    } finally {
      connection.close();
      this.#open.delete(connection);
    }
  }

  async #update(connection: Connection, fault: ReturnType<EsphomeFaultScript>, power: Power): Promise<void> {
    // It serves one client at a time; here the next one waits in vain.
    if (this.#isUpdating) return;
    this.#isUpdating = true;
    const taken: Taken = { signedIn: false, written: 0, ended: false };
    this.updates.push(taken);
    try {
      await takeUpdate({
        ...{ connection, fault, power, taken, options: this.options, hashes: this.#hashes },
        fail: (how) => this.fail(how, connection.gone),
        keep: (image) => this.keep(image),
      });
    } finally {
      if (this.power === power) this.#isUpdating = false;
    }
  }

  /** Makes the image bootable. The device restarts by itself, whether or not its answer arrives. */
  protected keep(image: Uint8Array<ArrayBuffer>): void {
    this.#bootable = image;
    if (this.options.restarts) this.restartSoon(this.power, RESTARTS_AFTER_MS);
  }

  /** Never answers. */
  protected async fail({ kind }: BreakingFault, gone: Promise<void>): Promise<never> {
    if (kind === 'hang') await gone;
    if (kind === 'restart') this.restart();
    throw new ConnectionDropped();
  }
}
