/**
 * What a device that takes firmware by a form does with an upload: who is let in, what is written, what it answers, and
 * what it does then.
 */
import { ConnectionDropped, type Power } from '../power.ts';
import type { ArduinoUpdater } from './arduino-updater.ts';
import type { BreakingFault } from '../whole/faults.ts';
import { cleansUp, KINDS } from './kinds.ts';
import type { FormOptions } from './options.ts';
import * as pages from './pages.ts';
import type { Passing } from '../whole/simulated-whole.ts';
import { takeForm } from './take-form.ts';

/** The parts of the device that an upload can affect. */
export interface Reaches {
  readonly pause: (ms: number, power: Power) => Promise<void>;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
  readonly restart: () => void;
  readonly restartSoon: (power: Power, afterMs: number) => void;
}

export function mayEnter({ login }: FormOptions, { headers }: Request): boolean {
  return login === null || headers.get('authorization') === `Basic ${btoa(`${login.user}:${login.password}`)}`;
}

export class FormUploads {
  /** How many updates were begun beside a running one, and appended to it. */
  appended = 0;
  readonly #options: FormOptions;
  readonly #updater: ArduinoUpdater;
  readonly #device: Reaches;
  /** Whether the last upload was let in. Kept between requests, as Arduino's library does. */
  #isLetIn = false;

  constructor(options: FormOptions, updater: ArduinoUpdater, device: Reaches) {
    this.#options = options;
    this.#updater = updater;
    this.#device = device;
  }

  /** A reset. */
  forget(): void {
    this.#isLetIn = false;
  }

  /**
   * The start request of ElegantOTA 3, before its upload. The hash is set first, and forgotten where an update is
   * begun.
   */
  start({ url }: Request): Response {
    const hash = new URL(url).searchParams.get('hash');
    if (hash !== null && !this.#updater.setMd5(hash)) return pages.plain('MD5 parameter invalid', 400);
    this.#begin();
    const { error } = this.#updater;
    return error === null ? pages.plain('OK') : pages.plain(`ERROR[1]: ${error}\n\n`, 400);
  }

  async take(passing: Passing): Promise<Response> {
    const { kind, costs, login } = this.#options;
    const { request, power } = passing;
    const refused: { why: string | null } = { why: null };
    const isWritten = await takeForm(passing, {
      updater: this.#updater,
      cleansUp: cleansUp(this.#options),
      blockMs: costs.programMsPerBlock,
      starts: (field, before) => {
        this.#isLetIn = mayEnter(this.#options, request) && this.#isFromItsOwnPage(request);
        if (!this.#isLetIn || field === 'filesystem') return false;
        // Without a begin the upload goes to the update that runs.
        if (kind === 'elegant-3') return this.#updater.isRunning;
        refused.why = kind === 'elegant-2' ? this.#hashIn(before) : null;
        if (refused.why !== null) return false;
        // Arduino's library writes no more where it has noted an error, even "No Error".
        return this.#begin() || !cleansUp(this.#options);
      },
      pause: (ms) => this.#device.pause(ms, power),
      fail: (fault) => this.#device.fail(fault),
    });
    if (refused.why !== null) return pages.plain(refused.why, 400);
    if (this.#isLetIn) return this.#judged(isWritten, power);
    const isForeign = login === null && !this.#isFromItsOwnPage(request);
    return isForeign ? pages.html('Update error: Wrong origin received!') : pages.signIn();
  }

  /** Why the hash before the file is refused; null: it is accepted, and will be forgotten. */
  #hashIn(before: ReadonlyMap<string, string>): string | null {
    const hash = before.get('MD5');
    if (hash === undefined) return 'MD5 parameter missing';
    return this.#updater.setMd5(hash) ? null : 'MD5 parameter invalid';
  }

  #begin(): boolean {
    if (this.#updater.leftBytes > 0 && this.#options.chip === 'ESP32') this.appended += 1;
    return this.#updater.begin();
  }

  #isFromItsOwnPage({ headers, url }: Request): boolean {
    const { kind, wantsOrigin } = this.#options;
    const isLibrary = kind === 'update-server' || kind === 'espeasy';
    return !isLibrary || !wantsOrigin || headers.get('origin') === `http://${headers.get('host') ?? new URL(url).host}`;
  }

  /**
   * What it answers to an upload whose last byte has come, and what it does then. It only looks whether there was an
   * error.
   */
  #judged(isWritten: boolean, power: Power): Response {
    const { kind, words, alwaysSaysYes, losesAnswer, restartsItself, restartsOnFailure } = this.#options;
    const facts = KINDS[kind];
    const { error } = this.#updater;
    const isYes = error === null || alwaysSaysYes;
    const { status, text } = isYes ? facts.yes(pages.SUCCESS) : facts.no(error);
    const said = (isYes ? words?.yes : words?.no) ?? text;
    if (isYes ? restartsItself : (restartsOnFailure ?? facts.restartsOnFailure))
      this.#device.restartSoon(power, facts.restartsAfterMs);
    if (losesAnswer && isWritten && error === null) {
      this.#device.restart();
      throw new ConnectionDropped();
    }
    return kind === 'update-server' || kind === 'espeasy' ? pages.html(said, status) : pages.plain(said, status);
  }
}
