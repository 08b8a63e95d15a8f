/**
 * A hawkBit update server in memory, as its devices meet it: the device API (DDI), after hawkBit's own controllers.
 * What people do in hawkBit is done by methods. Knows no runtime, and no time but its clock's.
 */
import { isRecord } from '../answers.ts';
import { ConnectionDropped } from '../power.ts';
import { type Asked, askedBy, feedbackIn, parsed } from './asked.ts';
import { takeCancelFeedback, takeDeploymentFeedback, isActive, type Action, type Feedback } from './actions.ts';
import type { HawkbitFault, HawkbitFaultScript, HawkbitRoute } from './faults.ts';
import {
  HAWKBIT_DEFAULTS,
  type Assignment,
  type DistributionSet,
  type HawkbitOptions,
  type StoredArtifact,
} from './options.ts';
import { install, putAttributes, type Target } from './target.ts';
import { artifactAnswer, deploymentJson, type Places, pollJson, refusal, tagged } from './shapes.ts';

const MOST_MESSAGES = 50;

export class SimulatedHawkbit {
  readonly options: HawkbitOptions;
  fault: HawkbitFaultScript | null = null;
  /** Requests that came with a token, with their origin: a token belongs to one origin. */
  readonly tokensSeen: { readonly origin: string; readonly route: HawkbitRoute }[] = [];
  readonly targets = new Map<string, Target>();
  readonly actions: Action[] = [];
  readonly #asked = new Map<HawkbitRoute, number>();
  #downUntil = -Infinity;

  constructor(options: Partial<HawkbitOptions> = {}) {
    this.options = { ...HAWKBIT_DEFAULTS, ...options };
  }

  /** How many requests came to this route. */
  asked(route: HawkbitRoute): number {
    return this.#asked.get(route) ?? 0;
  }

  addTarget(controllerId: string): Target {
    const there = this.targets.get(controllerId);
    if (there !== undefined) return there;
    const target = {
      ...{ controllerId, securityToken: `token-of-${controllerId}`, attributes: {}, wantsAttributes: true },
      ...{ polledAt: [], installed: null },
    };
    this.targets.set(controllerId, target);
    return target;
  }

  /** Assigns a set to a target, and asks it to cancel what it was assigned before. */
  assign(
    controllerId: string,
    set: DistributionSet,
    { type = 'forced', forceAt = Infinity, window }: Assignment = {},
  ): Action {
    this.addTarget(controllerId);
    for (const earlier of this.#activeOf(controllerId)) this.cancel(earlier.id);
    const action: Action = {
      ...{ id: this.actions.length + 1, controllerId, set, type, forceAt, window: window ?? null },
      ...{ status: this.options.confirms ? 'wait-for-confirmation' : 'running', changes: 0, entries: [], ends: 0 },
    };
    this.actions.push(action);
    return action;
  }

  /** Asks the target to cancel; with `force` the action is cancelled at once. */
  cancel(id: number, force = false): void {
    const action = this.action(id);
    if (!isActive(action)) return;
    action.status = force || action.status === 'wait-for-confirmation' ? 'canceled' : 'canceling';
    action.changes += 1;
  }

  /** The server does not answer for so long, in milliseconds; its database stays. */
  restart(downMs: number): void {
    this.#downUntil = this.options.clock.now() + downMs;
  }

  action(id: number): Action {
    const action = this.actions[id - 1];
    if (action === undefined) throw new Error(`no action ${id}`);
    return action;
  }

  /** Answers one request. Rejects with `ConnectionDropped` where it gives no answer. */
  async handle(request: Request): Promise<Response> {
    if (this.options.clock.now() < this.#downUntil) throw new ConnectionDropped();
    const asked = askedBy(request, this.options.tenant);
    const nth = this.asked(asked.route) + 1;
    this.#asked.set(asked.route, nth);
    const fault = this.fault?.({ route: asked.route, controllerId: asked.controllerId, nth }) ?? null;
    if (fault?.kind === 'drop' && fault.when === 'before') throw new ConnectionDropped();
    if (fault?.kind === 'status') return scripted(fault);
    const body = request.method === 'GET' ? null : parsed(await request.text());
    const response = this.#answer(request, asked, body, fault);
    if (fault?.kind === 'drop') throw new ConnectionDropped();
    return fault?.kind === 'garbage' ? new Response('<html>Welcome</html>') : response;
  }

  #answer(request: Request, asked: Asked, body: unknown, fault: HawkbitFault | null): Response {
    const { route, controllerId } = asked;
    if (!this.#mayEnter(request, asked)) return refusal(401);
    if (route === 'poll') return this.#poll(request, controllerId);
    const target = this.targets.get(controllerId);
    if (target === undefined) return refusal(404, 'hawkbit.server.error.repo.entitiyNotFound');
    if (route === 'config-data') return putAttributes(target, body);
    if (route === 'artifact') return this.#artifact(request, asked, fault);
    const action = this.actions[asked.number - 1];
    if (action?.controllerId !== controllerId) return refusal(404);
    switch (route) {
      case 'deployment':
        if (action.status === 'canceling' || action.status === 'canceled') return refusal(404);
        if (action.status === 'wait-for-confirmation') return refusal(404);
        return tagged(request, deploymentJson(action, this.options.clock.now(), this.#places(request, controllerId)));
      case 'installed':
        return isActive(action)
          ? refusal(404)
          : tagged(request, deploymentJson(action, this.options.clock.now(), this.#places(request, controllerId)));
      case 'feedback':
        if (action.status === 'wait-for-confirmation') return refusal(404);
        return isActive(action) ? this.#takeFeedback(action, body, takeDeploymentFeedback) : refusal(410);
      case 'cancel':
        return action.status === 'canceling'
          ? tagged(request, { id: String(action.id), cancelAction: { stopId: String(action.id) } })
          : refusal(404);
      case 'cancel-feedback':
        return action.status === 'canceling' ? this.#takeFeedback(action, body, takeCancelFeedback) : refusal(410);
      case 'confirmation':
        return action.status === 'wait-for-confirmation'
          ? tagged(request, { id: String(action.id), confirmation: {} })
          : refusal(404);
      case 'confirmation-feedback':
        return confirm(action, body);
      case 'unknown':
        return refusal(404);
    }
  }

  #mayEnter(request: Request, { route, controllerId }: Asked): boolean {
    const given = request.headers.get('Authorization');
    if (given !== null) this.tokensSeen.push({ origin: new URL(request.url).origin, route });
    const { gatewayToken, artifactOrigin } = this.options;
    if (route === 'artifact' && artifactOrigin !== null) return true;
    if (gatewayToken !== null && given === `GatewayToken ${gatewayToken}`) {
      // A device that polls through a known gateway becomes a target.
      if (route === 'poll') this.addTarget(controllerId);
      return true;
    }
    const target = this.targets.get(controllerId);
    return target !== undefined && given === `TargetToken ${target.securityToken}`;
  }

  #poll(request: Request, controllerId: string): Response {
    const target = this.addTarget(controllerId);
    const now = this.options.clock.now();
    target.polledAt.push(now);
    const [action = null] = this.#activeOf(controllerId);
    // A window that has lapsed cancels the action, which the device is asked to do.
    if (action !== null && now >= (action.window?.lapsesAt ?? Infinity) && action.status !== 'canceling')
      this.cancel(action.id);
    const installed =
      this.actions.findLast((one) => one.controllerId === controllerId && one.status === 'finished') ?? null;
    const { pollSeconds } = this.options;
    const { wantsAttributes } = target;
    const places = this.#places(request, controllerId);
    const still = action !== null && isActive(action) ? action : null;
    return tagged(request, pollJson({ action: still, installed, wantsAttributes, pollSeconds }, places));
  }

  #takeFeedback(action: Action, body: unknown, how: (action: Action, said: Feedback) => void): Response {
    const said = feedbackIn(body);
    if (said === null) return refusal(400, 'hawkbit.server.error.rest.body.notReadable');
    if (action.entries.length >= this.options.mostEntries || said.details.length > MOST_MESSAGES)
      return refusal(403, 'hawkbit.server.error.quota.tooManyEntries');
    how(action, said);
    const target = this.targets.get(action.controllerId);
    if (target !== undefined && !isActive(action) && action.status !== 'error') target.wantsAttributes = true;
    if (target !== undefined && action.status === 'finished') install(target, action.set, said.timestamp);
    return new Response(null);
  }

  #artifact(request: Request, { number, file, controllerId }: Asked, fault: HawkbitFault | null): Response {
    const action = this.#activeOf(controllerId)[0] ?? this.actions.findLast((one) => one.controllerId === controllerId);
    const artifact: StoredArtifact | undefined = action?.set.modules[number]?.artifacts.find(
      ({ filename }) => filename === file,
    );
    if (action === undefined || artifact === undefined) return refusal(404);
    action.entries.push({ status: 'DOWNLOAD', code: null, messages: [] });
    const bytes = new Uint8Array(artifact.bytes);
    if (fault?.kind === 'damaged') bytes[fault.at] = (bytes[fault.at] ?? 0) ^ 0xff;
    const whole = artifactAnswer(request, bytes);
    if (fault?.kind !== 'cut') return whole;
    return new Response(cutAfter(bytes, fault.after), { status: whole.status, headers: whole.headers });
  }

  #activeOf(controllerId: string): Action[] {
    return this.actions.filter((action) => action.controllerId === controllerId && isActive(action));
  }

  #places(request: Request, controllerId: string): Places {
    const { tenant, artifactOrigin } = this.options;
    const { origin } = new URL(request.url);
    const path = `/${tenant}/controller/v1/${encodeURIComponent(controllerId)}`;
    return { base: origin + path, artifacts: (artifactOrigin ?? origin) + path };
  }
}

function scripted({ status, retryAfter, errorCode }: Extract<HawkbitFault, { kind: 'status' }>): Response {
  return refusal(status, errorCode, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
}

function confirm(action: Action, body: unknown): Response {
  if (action.status !== 'wait-for-confirmation') return refusal(isActive(action) ? 404 : 410);
  if (!isRecord(body)) return refusal(400);
  if (body['confirmation'] === 'confirmed') action.status = 'running';
  action.changes += 1;
  return new Response(null);
}

/** The bytes, and then the end of the connection, before the announced length. */
function cutAfter(bytes: Uint8Array<ArrayBuffer>, after: number): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(new ConnectionDropped());
      else controller.enqueue(bytes.subarray(0, after));
      isSent = true;
    },
  });
}
