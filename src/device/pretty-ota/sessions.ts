/**
 * Signs in to devices with PrettyOTA: by a request of its own, whose answer has a cookie for all that follow. A device
 * has room for five sessions, which it keeps in flash; a sixth ends the oldest one, which may be a person's. So ours
 * are remembered for as long as this process runs.
 */
import type { RequestOptions } from '../../model/device/link.ts';
import type { Login } from '../../model/device/secrets/login.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, type Answer } from '../answer.ts';
import { md5Hex } from '../form/md5.ts';
import type { FetchLike, RequestDeps } from '../request.ts';
import { send } from '../request.ts';
import type { DeviceTarget } from '../target.ts';
import type { Question } from '../whole-image/signed-in.ts';

/** Tells the path of the login, without a session. */
export const ABOUT = '/prettyota/queryPrettyOTAInfo';
/** The path of the login, unless the app's author chose another. */
const USUAL_LOGIN = '/login';
/** Only a path on the device itself (src/host/gateway/target.ts has the same). */
const LOGIN_PATH = /^(?:\/[A-Za-z0-9_-]{1,64}){1,4}$/;
/** The device does not recognise it beside another cookie, or with anything after it. */
const COOKIE = /^sessionID=[\w-]{1,64}(?=;|$)/;

/** The most cookies: more devices than one LAN has. */
const MOST = 1_024;

/** The cookies of one process, by device and login. */
export class Sessions {
  readonly #cookies = new Map<string, string>();

  find(target: DeviceTarget, login: Login): string | null {
    return this.#cookies.get(keyOf(target, login)) ?? null;
  }

  keep(target: DeviceTarget, login: Login, cookie: string): void {
    const key = keyOf(target, login);
    this.#cookies.delete(key);
    this.#cookies.set(key, cookie);
    for (const oldest of this.#cookies.keys()) {
      if (this.#cookies.size <= MOST) break;
      this.#cookies.delete(oldest);
    }
  }
}

function keyOf({ origin }: DeviceTarget, { user, password }: Login): string {
  return JSON.stringify([origin, user, passwordOf(password)]);
}

/** The password as the device stores and compares it. */
function passwordOf(password: string): string {
  return md5Hex(new TextEncoder().encode(password));
}

/** One device, and the login for it; null: there is none. */
export class PrettySession {
  readonly #target: DeviceTarget;
  readonly #deps: RequestDeps;
  readonly #login: Login | null;
  readonly #sessions: Sessions;

  constructor(target: DeviceTarget, deps: RequestDeps, login: Login | null, sessions: Sessions) {
    this.#target = target;
    this.#deps = deps;
    this.#login = login;
    this.#sessions = sessions;
  }

  /** Any answer but one that asks for a login. Rejects with `unauthorised` where there is none, or it was refused. */
  async ask(question: Question, options: RequestOptions): Promise<Answer> {
    const first = await this.#send(question, options);
    if (first.status !== 401) return first;
    await this.#logIn(options);
    const second = await this.#send(question, options);
    if (second.status === 401) throw new UpdateError('unauthorised', { status: 401 });
    return second;
  }

  /** The headers for a request that is not sent here: an upload. */
  get headers(): Readonly<Record<string, string>> {
    const cookie = this.#login === null ? null : this.#sessions.find(this.#target, this.#login);
    return cookie === null ? {} : { cookie };
  }

  async #logIn(options: RequestOptions): Promise<void> {
    const login = this.#login;
    if (login === null) throw new UpdateError('unauthorised', { status: 401 });
    const about = await this.#send({ kind: 'prepare', method: 'GET', route: ABOUT }, options);
    const body = JSON.stringify({ userId: login.user, password: passwordOf(login.password) });
    const heard: { cookie: string | null } = { cookie: null };
    const fetch: FetchLike = async (url, init) => {
      const response = await this.#deps.fetch(url, init);
      heard.cookie = COOKIE.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? null;
      return response;
    };
    const question = { kind: 'prepare', method: 'POST', route: loginPathIn(about), body } as const;
    const { status } = await this.#send(question, options, { ...this.#deps, fetch });
    if (status === 401) throw new UpdateError('unauthorised', { status });
    if (status !== 200 || heard.cookie === null) throw new UpdateError('garbled', { status });
    this.#sessions.keep(this.#target, login, heard.cookie);
  }

  #send(question: Question, options: RequestOptions, deps = this.#deps): Promise<Answer> {
    const request = { ...question, headers: this.headers, atRoot: true, credentials: 'none', anyAnswer: true } as const;
    return send(this.#target, request, options, deps);
  }
}

function loginPathIn({ json }: Answer): string {
  const told = objectIn(json)?.['loginURL'];
  return typeof told === 'string' && LOGIN_PATH.test(told) ? told : USUAL_LOGIN;
}
