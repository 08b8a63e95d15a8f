import type { DeviceLink, OpenLink, RequestOptions } from '../update/ports.ts';
import { UpdateError } from '../update/update-error.ts';
import { PAGE_FOR_PEOPLE } from './answer.ts';
import { countsBytes, DocumentedLink } from './documented.ts';
import { knock, send, type Credentials, type World } from './request.ts';
import { readSnapshot, ShippedLink } from './shipped.ts';
import { dialectOf, isByGateway, type DeviceTarget } from './target.ts';

/** The browser's local network permission; `none` where it plays no part (docs/browsers.md). */
export type LocalNetworkPermission = 'granted' | 'denied' | 'prompt' | 'none';

export interface LinkDeps extends World {
  /** Asked before the first requests: while the browser's question may be open, no time limit runs. */
  readonly permission?: () => Promise<LocalNetworkPermission>;
  /**
   * What to do with a device that answers, but never so that the page may read it: a documented device without a
   * status route looks just like one without CORS where its 404 has no CORS headers. `assume-documented`, the
   * default, lets begin tell; `refuse` rejects as `unreachable`, for where a gateway can be tried next.
   */
  readonly unreadable?: 'assume-documented' | 'refuse';
}

/** Makes the port that finds out the dialect, before begin, and answers the link that speaks it. */
export function openLink(target: DeviceTarget, deps: LinkDeps): OpenLink {
  return async (options) => new Detection(target, deps, options).run();
}

/** How one way of asking for the status came out. */
type Finding = DeviceLink | 'unreadable' | 'refused-token' | 'no-route';

class Detection {
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #options: RequestOptions;
  #permissionSettled: boolean;
  #last: UpdateError | null = null;

  constructor(target: DeviceTarget, deps: LinkDeps, options: RequestOptions) {
    this.#target = target;
    this.#deps = deps;
    this.#options = options;
    // The gateway is the page's own origin: the browser has nothing to ask.
    this.#permissionSettled = deps.permission === undefined || isByGateway(target);
  }

  async run(): Promise<DeviceLink> {
    const shipped = new ShippedLink(this.#target, this.#deps);
    switch (this.#target.protocol) {
      case 'shipped':
        // Nothing to find out. But the browser's question, if any, must not meet the engine's time limits.
        if ((await this.#limits()).silenceMs === Infinity) await shipped.status(await this.#limits());
        return shipped;
      case 'documented':
        return this.#firstThatFits(['bearer']);
      case 'automatic':
        return this.#firstThatFits(this.#order());
    }
  }

  /** The remembered dialect alone first. `both` costs one request where the device's CORS list names both headers. */
  #order(): readonly Credentials[] {
    const sameHeader = this.#target.tokenHeader.toLowerCase() === 'authorization';
    const both: readonly Credentials[] = sameHeader ? [] : ['both'];
    switch (this.#target.dialect) {
      case 'shipped':
        return ['token-header', ...both, 'bearer'];
      case 'documented':
        return ['bearer', ...both, 'token-header'];
      case null:
        return [...both, 'bearer', 'token-header'];
    }
  }

  async #firstThatFits(order: readonly Credentials[]): Promise<DeviceLink> {
    let refused: UpdateError | null = null;
    const refusedIn = new Set<Credentials>();
    let noRoute: Credentials | null = null;
    let answers = false;
    for (const credentials of order) {
      const found = await this.#ask(credentials);
      if (typeof found !== 'string') return found;
      if (found === 'refused-token') {
        refused = this.#last;
        refusedIn.add(credentials);
        // Both headers held the token, and it was refused: asking again with one of them changes nothing.
        if (credentials === 'both') break;
      }
      if (found === 'no-route') {
        noRoute = credentials;
        if (credentials !== 'token-header') break;
      }
      if (found === 'unreadable' && !answers) {
        // One request without token or preflight tells a device that is off from one whose answers cannot be read.
        answers = await knock(this.#target, await this.#limits(), this.#deps);
        if (!answers) break;
      }
    }
    // What one header was refused for, the other may carry: a list that names only the wrong one looks just like this.
    if (refused !== null) throw this.#settles(refusedIn) ? refused : new UpdateError('unreachable', { cause: refused });
    const unreadable = this.#last ?? new UpdateError('unreachable');
    // Its 404 can be read, so Bearer was not sent at all: nothing that a documented device reads ever could be.
    if (noRoute === 'token-header') throw new UpdateError('unreachable');
    if (noRoute !== null || (answers && this.#mayAssume() && (await this.#hidesItsAnswers()))) {
      return new DocumentedLink(this.#target, this.#deps, false, this.#target.protocol === 'documented');
    }
    throw unreadable;
  }

  /** Whether the token was refused in the header that the device reads. */
  #settles(refusedIn: ReadonlySet<Credentials>): boolean {
    if (refusedIn.has('both') || (refusedIn.has('bearer') && refusedIn.has('token-header'))) return true;
    const spoken = dialectOf(this.#target);
    return spoken !== null && refusedIn.has(spoken === 'shipped' ? 'token-header' : 'bearer');
  }

  /**
   * Without the token there is no preflight. If that answer can be read, the device has a status and lists the page:
   * what failed is the header's name or the network, and the dialect is still open.
   */
  async #hidesItsAnswers(): Promise<boolean> {
    const found = await this.#ask('none');
    return found === 'unreadable' || found === 'no-route';
  }

  /** A device known to be shipped always answers its status; unreadable, it lacks CORS. */
  #mayAssume(): boolean {
    return this.#deps.unreadable !== 'refuse' && this.#target.dialect !== 'shipped';
  }

  async #ask(credentials: Credentials): Promise<Finding> {
    const { protocol } = this.#target;
    try {
      const request = { kind: 'status', method: 'GET', route: '/status', credentials } as const;
      const answer = await send(this.#target, request, await this.#limits(), this.#deps);
      this.#permissionSettled = true;
      if (protocol !== 'documented' && readSnapshot(answer) !== null) return new ShippedLink(this.#target, this.#deps);
      // A page for people, from a router or a wrong port, is no device of either dialect.
      if (answer.html || answer.truncated) throw garbled(answer.status);
      // Asked with the token header alone, an answer of another shape says nothing about Bearer.
      if (credentials === 'token-header') return 'no-route';
      // One that counts nothing may be any answer, or half of one.
      const counts = countsBytes(answer);
      return new DocumentedLink(this.#target, this.#deps, counts, counts || protocol === 'documented');
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      this.#last = error;
      if (error.status !== null) this.#permissionSettled = true;
      switch (error.code) {
        case 'unreachable':
          return 'unreadable';
        case 'unauthorised':
          return 'refused-token';
        case 'no-route':
          if (error.cause === PAGE_FOR_PEOPLE && protocol !== 'documented') throw garbled(error.status);
          return 'no-route';
        default:
          throw error;
      }
    }
  }

  async #limits(): Promise<RequestOptions> {
    if (this.#permissionSettled || (await this.#deps.permission?.()) !== 'prompt') return this.#options;
    return { ...this.#options, silenceMs: Infinity };
  }
}

function garbled(status: number | null): UpdateError {
  return new UpdateError('garbled', status === null ? {} : { status });
}
