/** How pages look at the agent of their host, and what they tell it: whoever may ask for jobs may do so. */
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { AgentOrder, AgentView } from '../../model/agent/agent-view.ts';
import { ok, pageOnly, RATE, type Answer, type PageOnlyOptions } from '../jobs/routes/job-door.ts';
import { read } from '../jobs/job-shapes.ts';
import { refuse } from '../jobs/refused.ts';

/** What its host's pages see of an agent. */
export interface AgentFace {
  view(): AgentView;
  /** False: what was to be installed waits for nobody any more. Rejects with Node's error where it cannot be written down. */
  order(order: AgentOrder): Promise<boolean>;
}

/** Characters that a controller id of hawkBit's, and an action's id, may have at most. */
const MOST_CHARACTERS = 250;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_CHARACTERS));
const ORDER = v.variant('kind', [
  v.strictObject({ kind: v.literal('pause') }),
  v.strictObject({ kind: v.literal('resume') }),
  v.strictObject({ kind: v.literal('install'), controllerId: id, action: id }),
]);

/** Adds the routes. The rate limit plugin must be registered before. */
export function addAgentRoutes(app: FastifyInstance, options: PageOnlyOptions & { readonly agent: AgentFace }): void {
  const { agent } = options;
  const guarded = pageOnly(options, RATE);

  app.get('/agent', guarded, async (_request, reply): Answer => ok(reply, 200, agent.view()));

  app.post('/agent', guarded, async (request, reply): Answer => {
    const order = read<AgentOrder>(ORDER, request.body);
    if (order.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: order.what });
    const isDone = await agent.order(order.value).catch((error: unknown) => {
      request.log.warn({ error: String(error) }, 'agent');
      return null;
    });
    if (isDone === null) return refuse(reply, { kind: 'not-written' });
    if (!isDone) return refuse(reply, { kind: 'no-such-offer' });
    return ok(reply, 200, agent.view());
  });
}
