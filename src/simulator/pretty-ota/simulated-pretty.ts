/**
 * A device with PrettyOTA in memory: its updates implemented a second time, from the device's side. Knows no runtime.
 * Source: PrettyOTA 1.1.3, `PrettyOTA.cpp` and `ESPUpdateManager.cpp` (May 2025).
 */
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ConnectionDropped } from '../power.ts';
import { FormBody } from '../whole/form-body.ts';
import { SimulatedWhole, type Passing } from '../whole/simulated-whole.ts';
import { toldOf } from './build.ts';
import { PRETTY_DEFAULTS, type PrettyOptions } from './options.ts';
import { ERRORS, UpdateManager } from './update-manager.ts';
import { Sessions } from './sessions.ts';

/** What a simulated device with PrettyOTA is asked for. */
export type PrettyRoute =
  'about' | 'info' | 'login' | 'logout' | 'page' | 'start' | 'upload' | 'reboot' | 'reboot-check' | 'unknown';

/** It checks once a second whether two have passed, and waits one more. */
const RESTARTS_AFTER_MS = 3_000;

const ROUTES: Readonly<Record<string, PrettyRoute>> = {
  'GET /prettyota/queryPrettyOTAInfo': 'about',
  'GET /prettyota/queryInfo': 'info',
  'POST /prettyota/logout': 'logout',
  'GET /prettyota/start': 'start',
  'POST /prettyota/upload': 'upload',
  'POST /prettyota/doManualReboot': 'reboot',
  'GET /prettyota/rebootCheck': 'reboot-check',
};

/** Answered without a session. */
const OPEN: ReadonlySet<PrettyRoute> = new Set(['about', 'login', 'logout', 'page', 'reboot-check', 'unknown']);

/** A TCP segment is read to its end, even where its beginning was answered already. */
const SEGMENT_BYTES = 1_436;

const STARTS = ['mode', 'reboot', 'hash'] as const;

export class SimulatedPretty extends SimulatedWhole<PrettyOptions, PrettyRoute> {
  readonly manager: UpdateManager;
  readonly sessions = new Sessions();
  #running: Uint8Array<ArrayBuffer>;
  /** From a start to the end of an upload; where that never ends, until a reset. */
  #isUpdating = false;
  #restartsItself = true;

  constructor(options: Partial<PrettyOptions> = {}) {
    super({ ...PRETTY_DEFAULTS, ...options });
    this.#running = new Uint8Array(this.options.firmware);
    this.manager = new UpdateManager(this.options);
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /** Whether it refuses to begin another update. */
  get isUpdating(): boolean {
    return this.#isUpdating;
  }

  protected get isRunning(): boolean {
    return toldOf(this.#running) !== null;
  }

  protected reset(): boolean {
    const next = this.manager.bootable;
    this.manager.forget();
    this.#isUpdating = false;
    this.#restartsItself = true;
    if (next === null) return true;
    if (this.options.boots(next)) this.#running = next;
    return this.options.comesBack;
  }

  protected scripted(status: number, text: string): Response {
    return plain(text, status);
  }

  protected somebodyElse(): Response {
    return html('<!doctype html><title>Router login</title><h1>Log in</h1>');
  }

  protected routeOf({ method, url }: Request): PrettyRoute {
    const { pathname } = new URL(url);
    const { mainUrl, loginUrl } = this.options;
    if (pathname === loginUrl && (method === 'GET' || method === 'POST')) return 'login';
    if (pathname === mainUrl && method === 'GET') return 'page';
    return ROUTES[`${method} ${pathname}`] ?? 'unknown';
  }

  protected async answer(route: PrettyRoute, passing: Passing): Promise<Response> {
    const { request, power } = passing;
    const { mainUrl, loginUrl, login } = this.options;
    const isKnown = login === null || this.sessions.knows(request);
    if (!isKnown && !OPEN.has(route)) {
      // The body is read, but not written.
      if (route === 'upload') await this.#take(passing, false);
      return plain('Not authenticated', 401);
    }
    switch (route) {
      case 'about':
        return json({
          ...{ prettyotaVersion: '1.1.3', mainURL: mainUrl, loginURL: loginUrl },
          authenticationEnabled: login !== null,
        });
      case 'info':
        return json(this.#told());
      case 'login':
        return request.method === 'GET' ? html('<title>PrettyOTA</title>') : this.#logIn(request);
      case 'logout':
        return this.sessions.end(request) ? empty() : plain('No client with given sessionID is logged in', 400);
      case 'page':
        return isKnown ? html('<title>PrettyOTA</title>') : redirect(loginUrl);
      case 'start':
        return this.#start(request);
      case 'upload':
        return (await this.#take(passing, true)) ? this.#judged(passing) : shared(plain(this.manager.error, 400));
      case 'reboot':
        if (this.#isUpdating) return plain('Reboot is not possible while an update is running', 400);
        this.restartSoon(power, RESTARTS_AFTER_MS);
        return empty();
      case 'reboot-check':
        return plain('Server is running');
      case 'unknown':
        return plain('Not found', 404);
    }
  }

  #told(): object {
    const { version = '', date = '', time = '' } = toldOf(this.#running) ?? {};
    const { hardwareId } = this.options;
    return {
      ...{ hardwareID: hardwareId, rollbackPossible: !this.manager.isRunning },
      ...{ firmwareVersion: version, buildDate: date, buildTime: time },
    };
  }

  /** The password comes as its MD5, as the device stores it. */
  async #logIn(request: Request): Promise<Response> {
    const given: unknown = await request.json().catch(() => null);
    const { userId, password } = (given ?? {}) as { readonly userId?: unknown; readonly password?: unknown };
    const { login } = this.options;
    const wanted = login === null ? '' : bytesToHex(md5(new TextEncoder().encode(login.password)));
    if (login === null || userId !== login.user || password !== wanted) return plain('Wrong username or password', 401);
    return new Response(null, { headers: { 'Set-Cookie': this.sessions.begin() } });
  }

  #start({ url }: Request): Response {
    if (this.#isUpdating) return plain('An update is already running', 400);
    const { searchParams } = new URL(url);
    const missing = STARTS.find((name) => !searchParams.has(name));
    if (missing !== undefined) return plain(`Missing parameter in URL: ${missing}`, 400);
    this.#restartsItself = searchParams.get('reboot') === 'true';
    if (!this.manager.begin(searchParams.get('hash') ?? '')) return plain(this.manager.error, 400);
    this.#isUpdating = true;
    return empty();
  }

  /**
   * It is not checked whether an update was started: without a start nothing is written, and a half upload is
   * continued.
   *
   * @returns whether all of it was read
   */
  async #take(passing: Passing, isWritten: boolean): Promise<boolean> {
    const { power } = passing;
    const form = FormBody.of(passing, {
      blockMs: this.options.costs.programMsPerBlock,
      pause: (ms) => this.pause(ms, power),
      fail: (fault) => this.break(fault),
    });
    if (form === null) return true;
    for await (const { isFile, bytes } of form.parts()) {
      if (!isFile || bytes.length === 0) continue;
      const arrived = await form.take(bytes);
      const isTaken = !isWritten || this.manager.write(arrived);
      if (!isTaken && this.options.answersEarly && form.taken > SEGMENT_BYTES) return false;
      await form.breakIfDue();
    }
    // What has come of it stays.
    if (!form.ended) throw new ConnectionDropped();
    if (isWritten && form.taken > 0) this.manager.end();
    return true;
  }

  /** The answer to an upload. The device only looks whether there was an error. */
  #judged({ power }: Passing): Response {
    const { error, bootable } = this.manager;
    const { losesAnswer, restartsItself } = this.options;
    this.#isUpdating = false;
    if (error !== ERRORS.none) return shared(plain(error, 400));
    if (this.#restartsItself && restartsItself) this.restartSoon(power, RESTARTS_AFTER_MS);
    if (losesAnswer && bootable !== null) throw new ConnectionDropped();
    return shared(empty());
  }
}

function plain(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain' } });
}

function html(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/html' } });
}

function json(value: object): Response {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' } });
}

function empty(): Response {
  return new Response(null);
}

function redirect(to: string): Response {
  return new Response(null, { status: 302, headers: { Location: to } });
}

/** Makes an answer readable for all pages, as only the answer to an upload is. */
function shared(response: Response): Response {
  response.headers.set('Access-Control-Allow-Origin', '*');
  return response;
}
