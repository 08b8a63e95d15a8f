import { type ChunkedDialect, type Dialect, goesWhole } from '../model/device/dialect.ts';
import type { DeviceLink, RequestOptions } from '../model/device/link.ts';
import type { OpenLink } from '../model/device/whole-image-link.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { Answer } from './answer.ts';
import { HTML_PAGE } from './answer-error.ts';
import { askControl, refusesWithoutToken, saysTheSame, type Control } from './viperhttp/control.ts';
import { countsBytes, DocumentedLink } from './viperhttp/documented.ts';
import { type Finding, garbled, misfit, type NoLink, noRoute, notShipped } from './viperhttp/finding.ts';
import { askOpenApi } from './viperhttp/openapi.ts';
import type { LinkDeps } from './link-deps.ts';
import { probe, send } from './request.ts';
import { asksForLogin, isLikeSnapshot, readSnapshot, saysShippedRefusal, ShippedLink } from './viperhttp/shipped.ts';
import { dialectOf, hasLogin, isByGateway, type DeviceTarget } from './target.ts';
import { STATUS_ROUTE } from '../model/device/status-route.ts';

/**
 * Makes the port that finds out which of the chunked dialects a device speaks, before begin, and opens a link in it.
 * `open-link.ts` does so for devices of every kind.
 */
export function openLink(target: DeviceTarget, deps: LinkDeps): OpenLink<DeviceLink> {
  return async (options) => new Detection(target, deps, options).run();
}

/** The header that carries the token while a dialect is being found out: one at a time, since each belongs to one dialect. */
type TokenIn = 'token-header' | 'bearer';

class Detection {
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #options: RequestOptions;
  #permissionSettled: boolean;
  /** Whether anything is there, though its answers cannot be read. */
  #answers = false;
  /**
   * What the device told of its routes, without a token: the dialect below this prefix, or that it has no update routes
   * there.
   */
  #told: ChunkedDialect | 'no-routes' | null = null;

  constructor(target: DeviceTarget, deps: LinkDeps, options: RequestOptions) {
    this.#target = target;
    this.#deps = deps;
    this.#options = options;
    // The gateway is the page's own origin: the browser has nothing to ask.
    this.#permissionSettled = isByGateway(target);
  }

  async run(): Promise<DeviceLink> {
    const { protocol } = this.#target;
    // Where a person set another kind by hand, `open-link.ts` opens the link, and this is not reached.
    if (protocol === 'automatic' || goesWhole(protocol)) return this.#find(this.#target.dialect);
    switch (protocol) {
      case 'shipped':
        return this.#shippedByHand(await this.#ask('token-header'));
      case 'documented':
        return this.#conclude(null, await this.#askOrProbe('bearer'));
    }
  }

  /**
   * A person chose this dialect, so that the answer need not prove it: the engine asks for the status again. Only an
   * answer that every path gets is refused: then OTA is off, or below another prefix.
   */
  async #shippedByHand(finding: Finding): Promise<DeviceLink> {
    if (finding.kind === 'answer' && saysTheSame(finding.answer, await this.#control('GET'))) throw noRoute(finding);
    // A page may read every answer of its own origin: where it can read none, the host is gone.
    if (finding.kind === 'unreadable' && isByGateway(this.#target)) throw finding.error;
    return new ShippedLink(this.#target, this.#deps);
  }

  /**
   * Tries the remembered dialect first. Where none is remembered, it begins with the token header, which no rate
   * limiter on a device counts: a wrong Bearer would lock this client out for five minutes.
   */
  async #find(remembered: Dialect | null): Promise<DeviceLink> {
    // A login takes the header that a Bearer would need.
    const loggedIn = hasLogin(this.#target);
    const first = remembered === 'documented' && !loggedIn ? 'bearer' : 'token-header';
    const finding = await this.#askOrProbe(first);
    if (finding.kind === 'link') return finding.link;
    const isOther = finding.kind === 'answer' || finding.kind === 'no-route';
    // A middleware that asks for a login before every route would only count a Bearer as a failed login.
    if (first === 'token-header' && finding.kind === 'refused-token' && asksForLogin(finding.error))
      throw finding.error;
    // A count shows the remembered dialect; where there is none, what the device lists of its routes does.
    if (first === 'bearer' && finding.kind === 'answer' && countsBytes(finding.answer))
      return this.#conclude(null, finding);
    this.#told = await this.#askForRoutes();
    if (isOther && this.#told === 'no-routes') throw noRoute(finding);
    // Nothing speaks against what is remembered: the other header would only be refused.
    if (isOther && first === 'bearer' && this.#told !== 'shipped') return this.#conclude(null, finding);
    const second = first === 'bearer' ? 'token-header' : 'bearer';
    const other = loggedIn || this.#told === dialectIn(first) ? null : await this.#askOrProbe(second);
    return first === 'bearer' ? this.#conclude(other, finding) : this.#conclude(finding, other);
  }

  /**
   * Null while the browser's permission question may be open: the request would time out before the person has
   * answered.
   */
  async #askForRoutes(): Promise<ChunkedDialect | 'no-routes' | null> {
    if ((await this.#limits()).timeoutMs === Infinity) return null;
    const self = await askOpenApi(this.#target, this.#options, this.#deps);
    const here = self?.otas.find(({ prefix }) => prefix === this.#target.prefix);
    return here?.dialect ?? (self?.isViper === true ? 'no-routes' : null);
  }

  async #askOrProbe(tokenIn: TokenIn): Promise<Finding> {
    const finding = await this.#ask(tokenIn);
    if (finding.kind !== 'unreadable' || this.#answers) return finding;
    // One request without token or preflight tells a device that is off from one whose answers cannot be read.
    this.#answers = await probe(this.#target, await this.#limits(), this.#deps);
    if (!this.#answers) throw finding.error;
    return finding;
  }

  /** Null: that header was not tried. */
  async #conclude(byHeader: Finding | null, byBearer: Finding | null): Promise<DeviceLink> {
    if (byHeader?.kind === 'link') return byHeader.link;
    switch (byBearer?.kind) {
      case 'link':
        return byBearer.link;
      case 'answer':
        return this.#documented(byBearer.answer);
      case 'no-route':
        return this.#documented(null);
      case 'refused-token':
        throw await this.#refused(byBearer.error, byHeader);
      case 'unreadable':
        // The person chose this dialect, or it took bytes before: its server may keep its 404 from this page.
        if (this.#isKnownAsDocumented() && !byHeader) return this.#documented(null);
        // Perhaps only this header is missing in its CORS list; then the answer to the other one says nothing.
        throw new UpdateError('unreadable', { cause: byBearer.error });
      // The device told that it is `shipped`, and its status cannot be read as one.
      case undefined:
        throw notShipped(byHeader);
    }
  }

  async #refused(error: UpdateError, byHeader: NoLink | null): Promise<UpdateError> {
    switch (byHeader?.kind) {
      case undefined:
      case 'refused-token':
        return error;
      case 'unreadable':
        // The token may belong in the other header: a CORS list that names only the wrong one looks just like this.
        return new UpdateError('unreadable', { cause: error });
      case 'answer': {
        // Where it takes the token from the other header, its answer there fits neither dialect.
        const tookIt =
          saysShippedRefusal(error) || (await refusesWithoutToken(this.#target, this.#options, this.#deps));
        return tookIt ? misfit(byHeader.answer, error) : error;
      }
      case 'no-route':
        return saysShippedRefusal(error) ? garbled(null, error) : error;
    }
  }

  /**
   * A link to a device that follows the documentation, which does not fix the shape of its answers. It is taken for one
   * only where it answers otherwise than to paths that cannot exist.
   *
   * @param status its answer to the status; null where it has none
   */
  async #documented(status: Answer | null): Promise<DeviceLink> {
    const { protocol } = this.#target;
    const isHollow = status !== null && saysTheSame(status, await this.#control('GET'));
    if (isHollow && !this.#isKnownAsDocumented()) throw new UpdateError('no-route', { status: status.status });
    const tellsStatus = status !== null && !isHollow && countsBytes(status);
    return new DocumentedLink(this.#target, this.#deps, {
      tellsStatus,
      certain: tellsStatus || protocol === 'documented' || this.#told === 'documented',
      control: await this.#control('POST'),
    });
  }

  #control(method: 'GET' | 'POST'): Promise<Control | null> {
    return askControl(this.#target, method, this.#options, this.#deps);
  }

  #isKnownAsDocumented(): boolean {
    return dialectOf(this.#target) === 'documented' || this.#told === 'documented';
  }

  async #ask(tokenIn: TokenIn): Promise<Finding> {
    const { protocol } = this.#target;
    try {
      const request = { kind: 'status', method: 'GET', route: STATUS_ROUTE, credentials: tokenIn } as const;
      const answer = await send(this.#target, request, await this.#limits(), this.#deps);
      this.#permissionSettled = true;
      if (answer.truncated) throw garbled(answer.status);
      if (protocol === 'documented') return { kind: 'answer', answer };
      if (readSnapshot(answer) !== null) return { kind: 'link', link: new ShippedLink(this.#target, this.#deps) };
      // The answer is whole, so that another try would not help.
      if (isLikeSnapshot(answer)) throw new UpdateError('unknown-format', { status: answer.status });
      return { kind: 'answer', answer };
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      if (error.status !== null) this.#permissionSettled = true;
      // With a status the error comes from the gateway, which can read every answer.
      if (error.code === 'unreachable' && error.status === null) return { kind: 'unreadable', error };
      if (error.code === 'unauthorised') return { kind: 'refused-token', error };
      if (error.code !== 'no-route') throw error;
      // The “not found” page of another server.
      if (error.cause === HTML_PAGE && protocol !== 'documented') throw error.as('web-page');
      return { kind: 'no-route', error };
    }
  }

  async #limits(): Promise<RequestOptions> {
    if (this.#permissionSettled || (await this.#deps.permission?.()) !== 'prompt') return this.#options;
    return { ...this.#options, timeoutMs: Infinity };
  }
}

function dialectIn(tokenIn: TokenIn): ChunkedDialect {
  return tokenIn === 'token-header' ? 'shipped' : 'documented';
}
