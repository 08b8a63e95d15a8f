/**
 * Asks a device that may want a user and password. Its challenge is answered with a small request, so that no wrong
 * password costs a whole image.
 */
import type { RequestOptions } from '../../model/device/link.ts';
import type { SignIn } from '../../model/device/secrets/sign-in.ts';
import type { Traits } from '../../model/device/traits.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Answer } from '../answer.ts';
import type { LinkDeps } from '../link-deps.ts';
import type { DeviceRequest } from '../device-request.ts';
import { send } from '../request.ts';
import { loginFor, type DeviceTarget } from '../target.ts';

/** A request at the device's root. */
export type Question = Pick<DeviceRequest, 'kind' | 'method' | 'route' | 'body'>;

export interface SignedInOptions {
  /** It only answers its own page: with `Origin` and `Referer`, which no other page may set. */
  readonly asOwnPage: boolean;
  /** The challenge to assume where it refuses without one. */
  readonly asksFor?: string;
}

/** One device, whose challenge is remembered for its questions and its upload. */
export class SignedIn {
  readonly #target: DeviceTarget;
  readonly #deps: LinkDeps;
  readonly #own: Readonly<Record<string, string>>;
  readonly #signIn: SignIn | null;
  readonly #hasLogin: boolean;
  readonly #asksFor: string | null;

  constructor(target: DeviceTarget, deps: LinkDeps, traits: Traits, { asOwnPage, asksFor }: SignedInOptions) {
    this.#asksFor = asksFor ?? null;
    const login = loginFor(target, traits);
    this.#target = target;
    this.#deps = deps;
    this.#own = asOwnPage ? { origin: target.origin, referer: `${target.origin}/` } : {};
    this.#hasLogin = login !== null;
    this.#signIn = login === null ? null : (deps.signIn?.(login) ?? null);
  }

  /**
   * Any answer but one that asks for a login. Rejects with `unauthorised` where there is no login, or it was refused,
   * and with `needs-host` where there is one and this page cannot answer the challenge.
   */
  async ask(question: Question, options: RequestOptions): Promise<Answer> {
    const first = await this.#send(question, options);
    if (first.status !== 401) return first;
    if (this.#hasLogin && this.#deps.signIn === undefined) throw new UpdateError('needs-host');
    if (this.#signIn?.take(first.challenge ?? this.#asksFor) !== true)
      throw new UpdateError('unauthorised', { status: 401 });
    const second = await this.#send(question, options);
    if (second.status === 401) throw new UpdateError('unauthorised', { status: 401 });
    return second;
  }

  /**
   * The headers for a request that is not sent here: an upload.
   *
   * @param path with its query
   */
  headersFor(method: 'GET' | 'POST', path: string): Readonly<Record<string, string>> {
    const authorization = this.#signIn?.authorization(method, path) ?? null;
    return authorization === null ? this.#own : { ...this.#own, authorization };
  }

  #send(question: Question, options: RequestOptions): Promise<Answer> {
    const headers = this.headersFor(question.method, question.route);
    const request = { ...question, headers, atRoot: true, credentials: 'none', anyAnswer: true } as const;
    return send(this.#target, request, options, this.#deps);
  }
}
