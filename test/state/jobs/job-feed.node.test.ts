import { expect } from 'chai';
import type { JobEvent } from '../../../src/model/jobs/job-events.ts';
import type { FollowJobs } from '../../../src/model/jobs/job-requests.ts';
import { JobFeed } from '../../../src/state/jobs/job-feed.ts';

const A = { id: 'a', key: 'ka' };
const B = { id: 'b', key: 'kb' };

interface Asked {
  readonly jobs: FollowJobs['jobs'];
  readonly rollouts: FollowJobs['rollouts'];
  readonly signal: AbortSignal;
}

/** Streams that a test opens, feeds and breaks off; a clock that a test winds. */
function given() {
  const asked: Asked[] = [];
  const sleeps: { readonly ms: number; readonly wake: () => void }[] = [];
  const heard: string[] = [];
  const away: boolean[] = [];
  let wakeUp: () => void = () => undefined;
  const queue: (JobEvent | 'open' | 'end')[] = [];
  let next: () => void = () => undefined;
  const feed = new JobFeed({
    calls: {
      async *events({ jobs, rollouts }, signal) {
        asked.push({ jobs, rollouts, signal });
        signal.addEventListener('abort', () => next());
        while (!signal.aborted) {
          const said = queue.shift();
          if (said === 'end') return;
          if (said === 'open') yield { kind: 'open' };
          else if (said !== undefined) yield said;
          else await new Promise<void>((resolve) => (next = resolve));
        }
      },
    },
    clock: {
      sleep: (ms, signal) =>
        new Promise((wake, reject) => {
          sleeps.push({ ms, wake });
          signal.addEventListener('abort', () => reject(new Error('not waited for')));
        }),
    },
    random: () => 1,
    connectivity: { changed: () => new Promise((resolve) => (wakeUp = resolve)) },
    heard: (event) => heard.push(`${event.kind} ${event.sequence}`),
    away: (isAway) => away.push(isAway),
  });
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const say = async (...said: typeof queue): Promise<void> => {
    queue.push(...said);
    next();
    await settle();
  };
  return { feed, asked, sleeps, heard, away, say, settle, wakeUp: () => wakeUp() };
}

const gone = (id: string, sequence: number): JobEvent => ({ kind: 'gone', host: 'h', sequence, id });
// The feed reads only the id of a job.
const told = (id: string, sequence: number): JobEvent =>
  ({ kind: 'job', host: 'h', sequence, job: { id } }) as unknown as JobEvent;

const ofRollout = (id: string, sequence: number): JobEvent =>
  ({ kind: 'rollout', host: 'h', sequence, rollout: { id } }) as unknown as JobEvent;

describe('The stream of jobs', () => {
  it('is one for all of them, opened anew for another one, and goes on behind what was seen', async () => {
    const { feed, asked, say, settle, heard } = given();
    feed.follow(A);
    await say('open', told('a', 7));
    feed.follow(B);
    await settle();
    expect(asked.map(({ signal }) => signal.aborted)).to.deep.equal([true, false]);
    expect(asked[1]?.jobs).to.deep.equal([
      { ...A, after: 'h-7' },
      { ...B, after: null },
    ]);
    await say('open', told('b', 8));
    expect(heard).to.deep.equal(['job 7', 'job 8']);
  });

  it('is opened again where it breaks off, after a wait that doubles up to 15 seconds', async () => {
    const { feed, asked, say, settle, sleeps } = given();
    feed.follow(A);
    await say('open', told('a', 1), 'end');
    for (let tries = 1; tries <= 8; tries += 1) {
      sleeps.at(-1)?.wake();
      await settle();
      await say('end');
    }
    expect(sleeps.map(({ ms }) => ms)).to.deep.equal([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000]);
    expect(asked.at(-1)?.jobs).to.deep.equal([{ ...A, after: 'h-1' }]);
  });

  it('is opened again at once where the person comes back', async () => {
    const { feed, asked, say, settle, wakeUp } = given();
    feed.follow(A);
    await say('end');
    expect(asked).to.have.length(1);
    wakeUp();
    await settle();
    expect(asked).to.have.length(2);
  });

  it('says that the host is away where it is not heard twice, and that it is back', async () => {
    const { feed, say, settle, sleeps, away } = given();
    feed.follow(A);
    await say('open', 'end');
    expect(away).to.deep.equal([]);
    sleeps.at(-1)?.wake();
    await settle();
    await say('end');
    expect(away).to.deep.equal([true]);
    sleeps.at(-1)?.wake();
    await settle();
    await say('open');
    expect(away).to.deep.equal([true, false]);
  });

  it('brings the jobs of a rollout along, and goes on behind the rollout’s own last event', async () => {
    const { feed, asked, say, sleeps, settle, heard } = given();
    feed.follow(A);
    await say('open', told('of a rollout', 1));
    expect(heard, 'of what nobody follows').to.deep.equal([]);
    feed.followRollout(B);
    await settle();
    await say('open', told('of a rollout', 4), ofRollout('b', 5), told('of a rollout', 7), 'end');
    expect(heard).to.deep.equal(['job 4', 'rollout 5', 'job 7']);
    sleeps.at(-1)?.wake();
    await settle();
    expect(asked.at(-1)).to.deep.include({ jobs: [{ ...A, after: null }], rollouts: [{ ...B, after: 'h-5' }] });
    feed.leave('b');
    await settle();
    expect(asked.at(-1)?.signal.aborted, 'a job is followed still').to.equal(false);
  });

  it('ends with the last job, and begins again with the next one', async () => {
    const { feed, asked, say, settle } = given();
    feed.follow(A);
    await say('open', gone('a', 3));
    expect(asked[0]?.signal.aborted).to.equal(true);
    feed.follow(B);
    await settle();
    expect(asked.at(-1)?.jobs).to.deep.equal([{ ...B, after: null }]);
    feed.leave('b');
    await settle();
    expect(asked.at(-1)?.signal.aborted).to.equal(true);
    expect(asked).to.have.length(2);
  });
});
