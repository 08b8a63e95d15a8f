/** The device's Python: one event loop, which answers one request at a time, in the order of their arrival. */
import { Refusal, SERVER_WORDS, detail, json, nothing, plain, type Reply } from '../answers.ts';
import { AppAuth } from './app-auth.ts';
import { docsPage, openApi, type DescribedRoute } from './auto-docs.ts';
import type { Bootloader } from '../bootloader.ts';
import type { Call } from '../call.ts';
import { DocumentedRoutes } from './documented-routes.ts';
import type { DeviceOptions, SimulatedDialect } from '../options.ts';
import type { PythonClock } from './python-clock.ts';
import { ConnectionDropped, Panic, type Power } from '../power.ts';
import { HANDLER_LIMIT_MS } from '../server/server-limits.ts';
import { ShippedRoutes } from './shipped-routes.ts';
import { answerStatic } from '../server/static-files.ts';
import type { Updater } from './updater.ts';

/** The demo app's default between its answer and the reset, so that the answer gets out. */
const REBOOT_DELAY_MS = 150;
const REBOOT: DescribedRoute = { method: 'POST', path: '/debug/reboot' };
/** They are not listed in the description itself. */
const DOCS = { '/openapi.json': 'openapi', '/docs': 'docs' } as const;

/** The update routes of each dialect. */
const ROUTES_OF = { shipped: ShippedRoutes, documented: DocumentedRoutes } as const satisfies Record<
  SimulatedDialect,
  unknown
>;

export class PythonSide {
  readonly #options: DeviceOptions;
  readonly #pythonClock: PythonClock;
  readonly #restart: (power: Power) => void;
  readonly #ota: ShippedRoutes | DocumentedRoutes;
  readonly #auth: AppAuth | null;
  /** The end of the queue. */
  #queue: Promise<unknown> = Promise.resolve();

  /** `restart` resets the device, unless `power` is over already. */
  constructor(
    options: DeviceOptions,
    parts: { readonly bootloader: Bootloader; readonly updater: Updater; readonly pythonClock: PythonClock },
    restart: (power: Power) => void,
  ) {
    const { dialect, appAuth } = options;
    this.#options = options;
    this.#pythonClock = parts.pythonClock;
    this.#restart = restart;
    this.#ota = new ROUTES_OF[dialect](parts.updater, parts.bootloader, parts.pythonClock, options);
    this.#auth = appAuth === null ? null : new AppAuth(appAuth, parts.pythonClock);
  }

  /** A reset: everything in RAM is gone, and so is the queue. */
  forget(): void {
    this.#queue = Promise.resolve();
    this.#auth?.forget();
  }

  /** What fault scripts call this request. */
  nameOf(call: Call): string {
    if (call.method === 'OPTIONS') return 'preflight';
    const { mount } = this.#options;
    if (answerStatic(mount, call) !== null) return 'static';
    return this.#otaRoute(call) ?? this.#appRoute(call)?.name ?? 'unknown';
  }

  /** The answer of Python, or 504 where it had none in time. */
  async answer(call: Call, power: Power): Promise<Response> {
    if (!this.#options.loopRuns) {
      await this.#pythonClock.sleep(HANDLER_LIMIT_MS);
      power.check();
      return plain(504, SERVER_WORDS[504]);
    }
    const turn = this.#queue.then(() => this.#turn(call, power));
    // The queue goes on after a failure, which `turn` itself reports below.
    this.#queue = turn.catch(() => undefined);
    // What was begun is finished, even if nothing waits for it any more.
    const response = await this.#pythonClock.wait(turn);
    if (response !== null) return response;
    power.check();
    return plain(504, SERVER_WORDS[504]);
  }

  async #turn(call: Call, power: Power): Promise<Response> {
    power.check();
    const reply = await this.#reply(call, power);
    power.check();
    if (reply.kind === 'reset') {
      this.#restart(power);
      throw new ConnectionDropped();
    }
    if (reply.restartsAfterMs === 0) this.#restart(power);
    else if (reply.restartsAfterMs !== undefined) {
      void this.#pythonClock.sleep(reply.restartsAfterMs).then(() => this.#restart(power));
    }
    return reply.response;
  }

  async #reply(call: Call, power: Power): Promise<Reply> {
    // The bridge serves files before the app sees the request.
    const early = answerStatic(this.#options.mount, call) ?? this.#auth?.refusal(call) ?? null;
    if (early !== null) return { kind: 'answer', response: early };
    const route = this.#otaRoute(call);
    if (route === null) return this.#appRoute(call)?.reply() ?? { kind: 'answer', response: this.#unknown() };
    if (!this.#ota.isAuthorised(call)) return { kind: 'answer', response: detail(401, 'invalid ota token') };
    try {
      return await this.#ota.answer(route, call, power);
    } catch (error) {
      if (error instanceof Panic) return { kind: 'reset' };
      if (!(error instanceof Refusal)) throw error;
      return { kind: 'answer', response: detail(error.status, error.message) };
    }
  }

  #unknown(): Response {
    switch (this.#options.unknownRoutes) {
      case 'empty':
        return nothing();
      case 'not-found':
        return plain(404, SERVER_WORDS[404]);
    }
  }

  /** `begin`, `mark-valid`, …; null where it is not an update route, or not with its method. */
  #otaRoute({ method, route }: Call): string | null {
    const { ota, prefix } = this.#options;
    if (!ota || !route.startsWith(`${prefix}/`)) return null;
    const name = route.slice(prefix.length + 1);
    const routes: Readonly<Record<string, { readonly method: string }>> = this.#ota.routes;
    return Object.hasOwn(routes, name) && routes[name]?.method === method ? name : null;
  }

  #appRoute({ method, route }: Call): { readonly name: string; readonly reply: () => Reply } | null {
    const { docs, rebootRoute, appRoutes } = this.#options;
    const says = (name: string, body: () => Response): { readonly name: string; readonly reply: () => Reply } => ({
      name,
      reply: () => ({ kind: 'answer', response: body() }),
    });
    if (docs !== null && method === 'GET' && (route === '/openapi.json' || route === '/docs')) {
      return says(DOCS[route], () => (route === '/docs' ? docsPage(docs) : openApi(docs, this.#described())));
    }
    if (rebootRoute && method === REBOOT.method && route === REBOOT.path) {
      const body = { ok: true, scheduled: true, delay_ms: REBOOT_DELAY_MS };
      const reply = (): Reply => ({ kind: 'answer', response: json(body), restartsAfterMs: REBOOT_DELAY_MS });
      return { name: 'reboot', reply };
    }
    const own = appRoutes.find((candidate) => candidate.method === method && matches(candidate.path, route));
    return own === undefined ? null : says('app', () => json(own.answer));
  }

  #described(): readonly DescribedRoute[] {
    const { ota, prefix, rebootRoute, appRoutes } = this.#options;
    const otaRoutes = Object.entries(this.#ota.routes).map(([name, route]): DescribedRoute => ({
      ...route,
      path: `${prefix}/${name}`,
      tag: 'ota',
    }));
    return [...appRoutes, ...(rebootRoute ? [REBOOT] : []), ...(ota ? otaRoutes : [])];
  }
}

function matches(pattern: string, route: string): boolean {
  const [wanted, parts] = [pattern.split('/'), route.split('/')];
  return wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
}
