/**
 * A Tasmota device in memory: its updates implemented a second time, from the device's side. Knows no runtime. Source:
 * Tasmota `xdrv_01_9_webserver.ino`, `support_command.ino`, `support_esp.ino`, of 15.2.
 */
import { ConnectionDropped, type Power } from '../power.ts';
import { SimulatedWhole, type Passing } from '../whole/simulated-whole.ts';
import { buildIn, type TasmotaBuild } from './build.ts';
import type { TasmotaRoute } from './routes.ts';
import { TasmotaFlash } from './flash.ts';
import { TASMOTA_DEFAULTS, type TasmotaOptions } from './options.ts';
import * as pages from './pages.ts';
import { statusOf } from './status.ts';
import { takeUpload, type UploadState } from './take-upload.ts';

/** How long after its “yes” it restarts by itself. */
const RESTARTS_AFTER_MS = 1_000;

const ROUTES: Readonly<Record<string, TasmotaRoute>> = {
  '/cm': 'command',
  '/up': 'upgrade-page',
  '/rs': 'restore-page',
  '/u3': 'upload-done',
  '/u4': 'partition',
};

export class SimulatedTasmota extends SimulatedWhole<TasmotaOptions, TasmotaRoute> {
  readonly #flash: TasmotaFlash;
  readonly #state: UploadState = { error: 0, expects: 'nothing' };

  constructor(options: Partial<TasmotaOptions> = {}) {
    super({ ...TASMOTA_DEFAULTS, ...options });
    this.#flash = new TasmotaFlash(this.options);
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#flash.running;
  }

  get runsSafeboot(): boolean {
    return this.#flash.runsSafeboot;
  }

  /** The number of an error that the next upload would get; 0: none. */
  get keptError(): number {
    return this.#state.error;
  }

  /** The build that it runs; null where that is no Tasmota. */
  get build(): TasmotaBuild | null {
    return buildIn(this.#flash.running);
  }

  protected get isRunning(): boolean {
    return this.build !== null;
  }

  protected reset(): boolean {
    Object.assign(this.#state, { error: 0, expects: 'nothing' } satisfies UploadState);
    const isNew = this.#flash.boot();
    return !isNew || this.options.comesBack;
  }

  protected routeOf({ method, url }: Request): TasmotaRoute {
    const { pathname } = new URL(url);
    const isUpload = method === 'POST' && pathname === '/u2';
    return isUpload ? 'upload' : (ROUTES[pathname] ?? 'unknown');
  }

  protected scripted(status: number, text: string): Response {
    return pages.plain(this.#look, text, status);
  }

  protected somebodyElse(): Response {
    return pages.somebodyElse();
  }

  get #look(): pages.Look {
    const { language, hardware } = this.options;
    const { version } = this.build ?? { version: '' };
    return { language, server: `Tasmota/${version} (${hardware.split(' ')[0] ?? ''})` };
  }

  protected async answer(route: TasmotaRoute, passing: Passing): Promise<Response> {
    const { request, power } = passing;
    if (route === 'unknown') return pages.plain(this.#look, 'File Not Found', 404);
    // The upload is read and written before the login is checked.
    if (route === 'upload') await this.#take(passing);
    const isCommand = route === 'command';
    if (!isCommand && !this.#mayEnter(request)) return pages.signIn();
    if (this.options.wantsReferer && !this.#isFromItsOwnPage(request)) throw new ConnectionDropped();
    switch (route) {
      case 'command':
        return this.#mayEnter(request) ? this.#command(request, power) : pages.commandRefused(this.#look);
      case 'upgrade-page':
        this.#state.expects = 'firmware';
        return pages.upgradePage(this.#look, this.#flash.hasToStandAside);
      case 'restore-page':
        this.#state.expects = 'settings';
        return pages.restorePage(this.#look);
      case 'upload':
      case 'upload-done':
        return this.#done(power);
      case 'partition':
        return this.#partition(request, power);
    }
  }

  #mayEnter({ headers, url }: Request): boolean {
    const { password } = this.options;
    if (password === null || headers.get('authorization') === `Basic ${btoa(`admin:${password}`)}`) return true;
    // The older way, for commands: in the URL, where it ends up in every log.
    const { searchParams } = new URL(url);
    return searchParams.get('user') === 'admin' && searchParams.get('password') === password;
  }

  #isFromItsOwnPage({ headers, url }: Request): boolean {
    const host = headers.get('host') ?? new URL(url).host;
    return (headers.get('referer') ?? '').startsWith(`http://${host}/`);
  }

  #command(request: Request, power: Power): Response {
    const command = (new URL(request.url).searchParams.get('cmnd') ?? '').toLowerCase();
    if (command === 'restart 1') {
      this.restartSoon(power, RESTARTS_AFTER_MS);
      return pages.json(this.#look, { Restart: 'Restarting' });
    }
    const [, number] = /^status (\d+)$/.exec(command) ?? [];
    if (number === undefined) return pages.json(this.#look, { Command: 'Unknown' });
    const { clock } = this.options;
    const seconds = Math.max(0, Math.floor((clock.now() - this.startedAt) / 1000));
    const { build, runsSafeboot, restarts } = this;
    if (build === null) throw new ConnectionDropped();
    // Such a build does not have this command.
    if (build.variant === 'minimal') return pages.json(this.#look, { Command: 'Unknown' });
    return pages.json(
      this.#look,
      statusOf(Number(number), { options: this.options, build, runsSafeboot, restarts, seconds }),
    );
  }

  #take(passing: Passing): Promise<void> {
    return takeUpload(passing, {
      ...{ flash: this.#flash, state: this.#state, blockMs: this.options.costs.programMsPerBlock },
      pause: (ms) => this.pause(ms, passing.power),
      fail: (fault) => this.break(fault),
    });
  }

  /** Tells the result of the last upload, and forgets it. Where there is no error it restarts, whoever asks. */
  #done(power: Power): Response {
    const { error } = this.#state;
    if (error !== 0) {
      this.#state.error = 0;
      return pages.failed(this.#look, error);
    }
    if (!this.options.losesRestart) this.restartSoon(power, RESTARTS_AFTER_MS);
    return pages.succeeded(this.#look);
  }

  /**
   * Has safeboot or the app run: "true" where that runs already, "false" where the device restarts for it, "none" where
   * there is no safeboot.
   */
  #partition({ url }: Request, power: Power): Response {
    const { layout } = this.options;
    this.#state.expects = 'firmware';
    if (layout !== 'safeboot') return pages.plain(this.#look, 'none');
    const wanted = new URL(url).searchParams.get('u4') === 'fct' ? 'safeboot' : 'app';
    if ((wanted === 'safeboot') === this.#flash.runsSafeboot) return pages.plain(this.#look, 'true');
    this.#flash.start(wanted);
    this.restartSoon(power, 0);
    return pages.plain(this.#look, 'false');
  }
}
