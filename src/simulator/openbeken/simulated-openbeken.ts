/**
 * An OpenBeken device in memory: its updates implemented a second time, from the device's side. Knows no runtime.
 * Source: OpenBeken `rest_interface.c`, `new_http.c`, `http_basic_auth.c`, `hal_ota_espidf.c` (July 2026).
 */
import { ConnectionDropped, type Power } from '../power.ts';
import { FormBody } from '../whole/form-body.ts';
import { SimulatedWhole, type Passing } from '../whole/simulated-whole.ts';
import { buildText, toldOf, type OpenbekenBuild } from './build.ts';
import { OPENBEKEN_DEFAULTS, type OpenbekenOptions } from './options.ts';
import { OtaSlot } from './ota-slot.ts';

/** What a simulated OpenBeken device is asked for. */
export type OpenbekenRoute = 'preflight' | 'info' | 'ota' | 'reboot' | 'command' | 'home' | 'api' | 'unknown';

/** The delay that it tells. */
const REBOOT_SECONDS = 3;

const ROUTES: Readonly<Record<string, OpenbekenRoute>> = {
  'GET /': 'home',
  'GET /api/info': 'info',
  'POST /api/ota': 'ota',
  'POST /api/reboot': 'reboot',
  // The request of its own web page.
  'GET /index?restart=1': 'reboot',
};

export class SimulatedOpenbeken extends SimulatedWhole<OpenbekenOptions, OpenbekenRoute> {
  readonly slot: OtaSlot;
  #running: Uint8Array<ArrayBuffer>;
  /** Counts requests to restart, since each one starts the delay again. */
  #asked = 0;

  constructor(options: Partial<OpenbekenOptions> = {}) {
    super({ ...OPENBEKEN_DEFAULTS, ...options });
    this.#running = new Uint8Array(this.options.firmware);
    this.slot = new OtaSlot(this.options);
  }

  /** The bytes of the image that runs. */
  get runningImage(): Uint8Array<ArrayBuffer> {
    return this.#running;
  }

  /** The build that it runs; null where that is no OpenBeken. */
  get build(): OpenbekenBuild | null {
    return toldOf(this.#running);
  }

  /** The head of an answer as it writes it, whose first line ends in an unusual way. */
  head({ status, headers }: Response): string {
    const lines = [...headers, ['Connection', 'close']].map((header) => `${header.join(': ')}\r\n`).join('');
    return `HTTP/1.1 ${status === 401 ? '401 Unauthorized\r' : `${status} OK`}\n${lines}\r\n`;
  }

  protected get isRunning(): boolean {
    return this.build !== null;
  }

  protected reset(): boolean {
    const next = this.slot.bootable;
    this.slot.forget();
    this.#asked += 1;
    if (next === null) return true;
    if (this.options.boots(next)) this.#running = next;
    return this.options.comesBack;
  }

  protected scripted(status: number, text: string): Response {
    return shared(text, 'text/html', status);
  }

  protected somebodyElse(): Response {
    return shared('<!doctype html><title>Router login</title><h1>Log in</h1>', 'text/html');
  }

  protected routeOf({ method, url }: Request): OpenbekenRoute {
    if (method === 'OPTIONS') return 'preflight';
    const { pathname, search } = new URL(url);
    if (pathname === '/cm') return 'command';
    // With a query it is another route.
    return ROUTES[`${method} ${pathname}${search}`] ?? (pathname.startsWith('/api/') ? 'api' : 'unknown');
  }

  protected async answer(route: OpenbekenRoute, passing: Passing): Promise<Response> {
    if (route === 'preflight') return shared('', 'text/html');
    // It checks the login in the first packet, and reads no more of the body.
    if (!this.#mayEnter(passing.request)) return signIn();
    switch (route) {
      case 'info':
        return shared(this.#info(), 'application/json');
      case 'ota':
        return this.#takeImage(passing);
      case 'reboot':
        this.#restartLater(passing.power);
        return shared(`{"reboot":${REBOOT_SECONDS}}`, 'application/json');
      case 'command':
        return shared(JSON.stringify(this.#asTasmota()), 'application/json');
      case 'home':
        return new Response(null, { status: 302, headers: { Location: '/index' } });
      case 'api':
        return shared(`<!DOCTYPE html><html>${passing.request.method} of api`, 'text/html');
      case 'unknown':
        return shared('<!DOCTYPE html><html>Not found.<br/>', 'text/html');
    }
  }

  #mayEnter({ headers }: Request): boolean {
    const { password } = this.options;
    return password === null || headers.get('authorization') === `Basic ${btoa(`admin:${password}`)}`;
  }

  /** The JSON is put together by hand, and escapes only the start command, in which it does not escape backslashes. */
  #info(): string {
    const { name, chipset, startCommand, clock } = this.options;
    const seconds = Math.max(0, Math.floor((clock.now() - this.startedAt) / 1000));
    const { build } = this;
    if (build === null) throw new ConnectionDropped();
    const said = Object.entries({
      ...{ build: buildText(build), ip: '192.168.1.70', mac: '3C:61:05:1A:2B:3C', flags: '1024' },
      ...{ mqtthost: ':1883', mqtttopic: name, chipset },
      ...{ webapp: 'https://openbekeniot.github.io/webapp/', shortName: name },
      startcmd: startCommand.replaceAll('"', '\\"'),
    }).map(([key, value]) => `"${key}":"${value}",`);
    return `{"uptime_s":${seconds},${said.join('')}"supportsSSDP":0,"supportsClientDeviceDB":true}`;
  }

  /** Its answer to a command of Tasmota, for clients that only know those. */
  #asTasmota(): object {
    const { date, time, version } = this.build ?? { date: '', time: '', version: '' };
    const { chipset, name } = this.options;
    return {
      Status: { Module: 0, DeviceName: name, FriendlyName: [name], Power: 0 },
      StatusFWR: {
        ...{ Version: `Open${chipset}_${version}`, BuildDateTime: `${date} ${time}`, Boot: 7, Core: '0.0' },
        ...{ SDK: 'obk', CpuFrequency: 80, Hardware: chipset, CR: '465/699' },
      },
    };
  }

  /** Takes an image. Whatever is wrong with it, there is no answer. */
  async #takeImage(passing: Passing): Promise<Response> {
    const written = await this.#write(passing);
    if (this.options.losesAnswer) throw new ConnectionDropped();
    return shared(`{"size":${written}}`, 'application/json');
  }

  /** @returns bytes; rejects with `ConnectionDropped` where what is in flash does not start next */
  async #write(passing: Passing): Promise<number> {
    const { power, request } = passing;
    const length = request.headers.get('content-length');
    const session = this.slot.begin(length === null ? null : Number(length));
    const body = FormBody.plain(passing, {
      blockMs: this.options.costs.programMsPerBlock,
      pause: (ms) => this.pause(ms, power),
      fail: (fault) => this.break(fault),
    });
    if (session === null || body === null) throw new ConnectionDropped();
    let isTaken = false;
    try {
      for await (const { bytes } of body.parts()) {
        if (!session.write(await body.take(bytes))) throw new ConnectionDropped();
        await body.breakIfDue();
      }
    } finally {
      // However the upload ends, what has come until then is checked.
      isTaken = power.isOn && session.end();
    }
    if (!isTaken) throw new ConnectionDropped();
    return session.written;
  }

  #restartLater(power: Power): void {
    const asked = (this.#asked += 1);
    if (!this.options.restartsWhenAsked) return;
    void this.options.clock.sleep(REBOOT_SECONDS * 1000).then(() => {
      if (asked === this.#asked) this.restartIn(power);
    });
  }
}

/** An answer that every page may read, as all of its answers are except the challenge. */
function shared(text: string, type: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: {
      'Content-type': type,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Origin, X-Requested-With, Content-Type, Accept',
    },
  });
}

function signIn(): Response {
  return new Response(null, {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="OpenBeken HTTP Server"' },
  });
}
