import { expect } from 'chai';
import type { AgentOrder, AgentView } from '../../../src/model/agent/agent-view.ts';
import type { JobAnswer } from '../../../src/model/page/job-calls.ts';
import { AgentState } from '../../../src/state/jobs/agent-state.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';

const VIEW: AgentView = {
  ...{ server: 'http://hawkbit.test', tenant: 'DEFAULT', connection: { kind: 'connected', since: 1 } },
  ...{ pausedAt: null, targets: [], more: 0 },
};
const AWAY = { kind: 'refused', why: { kind: 'no-answer' } } as const;
const done = (value: AgentView): JobAnswer<AgentView> => ({ kind: 'done', value });

/** Answers as it is told to. */
class Host {
  answer: JobAnswer<AgentView> = done(VIEW);
  asked = 0;
  readonly orders: AgentOrder[] = [];
  hold: Promise<void> | null = null;

  async agent(signal: AbortSignal): Promise<JobAnswer<AgentView>> {
    signal.throwIfAborted();
    this.asked += 1;
    const { answer } = this;
    await this.hold;
    return answer;
  }

  async orderAgent(order: AgentOrder): Promise<JobAnswer<AgentView>> {
    this.orders.push(order);
    return this.answer;
  }
}

describe('What the page knows of its host’s agent', () => {
  const clock = new FakeClock();

  it('is asked for while somebody looks, and no longer', async () => {
    const host = new Host();
    const state = new AgentState(host, clock);
    expect(state.$shown.get().view).to.equal(null);
    const looking = new AbortController();
    const following = state.follow(looking.signal);
    await clock.pass(10_000);
    expect(host.asked).to.be.within(3, 5);
    expect(state.$shown.get()).to.deep.equal({ view: VIEW, trouble: null, refused: null });
    looking.abort();
    await following;
    const { asked } = host;
    await clock.pass(60_000);
    expect(host.asked).to.equal(asked);
  });

  it('stays on the screen while the host does not answer, which is said', async () => {
    const host = new Host();
    const state = new AgentState(host, clock);
    const looking = new AbortController();
    const following = state.follow(looking.signal);
    await clock.pass(1_000);
    host.answer = AWAY;
    await clock.pass(5_000);
    expect(state.$shown.get()).to.deep.equal({ view: VIEW, trouble: AWAY.why, refused: null });
    host.answer = done({ ...VIEW, pausedAt: 5 });
    await clock.pass(5_000);
    expect(state.$shown.get()).to.deep.include({ view: { ...VIEW, pausedAt: 5 }, trouble: null });
    looking.abort();
    await following;
  });

  it('is as the last order left it, whatever was asked before that', async () => {
    const host = new Host();
    const state = new AgentState(host, clock);
    let answered: () => void = () => undefined;
    host.hold = new Promise((resolve) => (answered = resolve));
    const looking = new AbortController();
    const following = state.follow(looking.signal);
    host.answer = done({ ...VIEW, pausedAt: 7 });
    await state.order({ kind: 'pause' });
    answered();
    await clock.pass(1_000);
    expect(state.$shown.get().view?.pausedAt).to.equal(7);
    expect(host.orders).to.deep.equal([{ kind: 'pause' }]);
    looking.abort();
    await following;
  });

  it('keeps why an order was not carried out until one was', async () => {
    const host = new Host();
    const state = new AgentState(host, clock);
    host.answer = { kind: 'refused', why: { kind: 'no-such-offer' } };
    await state.order({ kind: 'install', controllerId: 'moult-1', action: '7' });
    expect(state.$shown.get().refused).to.deep.equal({ kind: 'no-such-offer' });
    host.answer = done(VIEW);
    await state.order({ kind: 'resume' });
    expect(state.$shown.get().refused).to.equal(null);
  });
});
