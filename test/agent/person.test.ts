/** What a person on site has to say: pause, resume, and "Install". */
import { expect } from 'chai';
import type { AgentEvent } from '../../src/agent/decision.ts';
import * as is from './moments.ts';

const { play, said, OFFERED, FETCHED, TURN, RUNNING } = is;

const ended = (outcome: typeof is.UPDATED): AgentEvent => ({ kind: 'ended', outcome });
const steps = (decision: ReturnType<typeof play>): readonly string[] => decision.steps.map(({ kind }) => kind);

describe('a paused agent', () => {
  it('begins nothing while it is paused, says so once, and begins it afterwards', () => {
    const isPaused = true;
    const paused = play([OFFERED, [FETCHED, { isPaused }], [OFFERED, { isPaused }], [OFFERED, { isPaused }]]);
    expect(steps(paused)).to.deep.equal([]);
    expect(said(paused.note)).to.deep.equal(['downloaded/none', 'scheduled/none']);
    expect(paused.note.outbox.at(-1)?.told).to.deep.equal({ kind: 'waits', why: 'paused' });
    expect(steps(play([OFFERED], paused.note))).to.deep.equal(['ask-turn']);
  });

  it('gives its turn back where it was paused meanwhile', () => {
    const queued = play([OFFERED, FETCHED, [TURN, { isPaused: true }]]);
    expect(steps(queued)).to.deep.equal(['give-turn-back']);
    expect(queued.note.action?.phase).to.equal('ready');
  });

  it('goes on while it is paused with what may be half done, and looks for what has the image', () => {
    const lost = ended(is.failedWith('unreachable', { oldFirmware: 'unknown' }));
    const isPaused = true;
    const date = 2_000_000;
    for (const end of [lost, ended(is.NOT_SEEN)]) {
      const again = play([...RUNNING, end]);
      expect(steps(play([[OFFERED, { isPaused, date }]], again.note))).to.deep.equal(['ask-turn']);
      expect(steps(play([[TURN, { isPaused, date }]], again.note))).to.deep.equal(['run']);
    }
  });
});

describe('an assignment that is not forced', () => {
  const SOFT: AgentEvent = {
    kind: 'polled',
    polled: is.polledOf({ deployment: is.deploymentOf({ update: 'attempt' }) }),
  };

  it('offers what is not forced to a person, where it was told to, and begins once that says so', () => {
    const wait = { soft: 'wait', softHours: { from: 0, to: 1 } } as const;
    const offered = play([SOFT, FETCHED, SOFT, SOFT], undefined, wait);
    expect(steps(offered)).to.deep.equal([]);
    expect(said(offered.note)).to.deep.equal(['downloaded/none', 'scheduled/none']);
    expect(offered.note.outbox.at(-1)?.told).to.deep.equal({ kind: 'waits', why: 'person' });
    const other = play([{ kind: 'approved', action: '8' }, SOFT], offered.note, wait);
    expect(steps(other)).to.deep.equal([]);
    const approved = play([{ kind: 'approved', action: '7' }], offered.note, wait);
    // The server may want it no longer.
    expect(steps(approved)).to.deep.equal([]);
    expect(steps(play([SOFT], approved.note, wait))).to.deep.equal(['ask-turn']);
    expect(play([{ kind: 'polled', polled: is.polledOf() }], approved.note, wait).note.action).to.equal(null);
    expect(steps(play([SOFT], approved.note, { ...wait, soft: 'run' }))).to.deep.equal(['ask-turn']);
  });

  it('waits for nobody where the server insists, or insists by now', () => {
    const wait = { soft: 'wait' } as const;
    expect(steps(play([OFFERED, FETCHED], undefined, wait))).to.deep.equal(['ask-turn']);
    const offered = play([SOFT, FETCHED, SOFT], undefined, wait);
    expect(steps(play([OFFERED], offered.note, wait))).to.deep.equal(['ask-turn']);
    // Nothing to say "Install" to: it was forced all along.
    const forced = play([OFFERED, FETCHED, { kind: 'approved', action: '7' }], undefined, wait);
    expect(forced.note.action?.isApproved).to.equal(false);
  });

  it('goes on by itself with what a person has begun, where the device was lost in the middle', () => {
    const wait = { soft: 'wait' } as const;
    const approved: AgentEvent = { kind: 'approved', action: '7' };
    const lost = ended(is.failedWith('unreachable'));
    const again = play([SOFT, FETCHED, approved, SOFT, TURN, lost], undefined, wait);
    expect(steps(play([[SOFT, { date: 2_000_000 }]], again.note, wait))).to.deep.equal(['ask-turn']);
  });
});
