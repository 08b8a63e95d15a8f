import { expect } from 'chai';
import type { AgentEvent } from '../../src/agent/decision.ts';
import { newNote } from '../../src/agent/note.ts';
import type { RanFirmware } from '../../src/model/device/device.ts';
import { noProgress } from '../../src/model/update/nothing-sent.ts';
import type { ActiveState } from '../../src/model/update/update-state.ts';
import * as is from './moments.ts';

const { play, said, OFFERED, FETCHED, TURN, CANCEL, RUNNING, UPDATED } = is;

const ended = (outcome: typeof UPDATED): AgentEvent => ({ kind: 'ended', outcome });
const LOOKED: AgentEvent = { kind: 'looked' };
const HOUR = 3_600_000;

function writing(acknowledged: number, more: Partial<ActiveState> = {}): ActiveState {
  const progress = { ...noProgress(is.SIZE), acknowledged };
  return { phase: 'writing', dialect: 'shipped', progress, startedOver: null, ...more } as ActiveState;
}

const steps = (decision: ReturnType<typeof play>): readonly string[] => decision.steps.map(({ kind }) => kind);

describe('an agent that is offered an action', () => {
  it('fetches its file first, then says so, and asks for its turn', () => {
    expect(steps(play([OFFERED]))).to.deep.equal(['fetch']);
    const fetched = play([OFFERED, FETCHED]);
    expect(steps(fetched)).to.deep.equal(['ask-turn']);
    expect(said(fetched.note)).to.deep.equal(['downloaded/none']);
    expect(steps(play(RUNNING))).to.deep.equal(['run']);
  });

  it('tells its end once, and asks what the device is then', () => {
    const done = play([...RUNNING, ended(UPDATED)]);
    expect(said(done.note)).to.deep.equal(['downloaded/none', 'closed/success']);
    expect(steps(done)).to.deep.equal(['tell-attributes']);
    expect(done.note.action).to.equal(null);
  });

  it('says the last word again where the server has not heard it, and does nothing else', () => {
    const { note } = play([...RUNNING, ended(UPDATED)]);
    const heard = { ...note, outbox: [] };
    const again = play([OFFERED], heard);
    expect(steps(again)).to.deep.equal([]);
    expect(said(again.note)).to.deep.equal(['closed/success']);
    // It is still on its way.
    expect(said(play([OFFERED], again.note).note)).to.deep.equal(['closed/success']);
  });

  it('refuses a file that is for another chip before the device is touched', () => {
    const device = { name: 'Kitchen', chipId: 9 };
    const refused = play([OFFERED, [FETCHED, { device }]]);
    expect(steps(refused)).to.deep.equal([]);
    expect(said(refused.note)).to.deep.equal(['closed/failure']);
    expect(refused.note.outbox[0]?.code).to.equal('does-not-fit');
  });

  it('ends it at once where the device proves that it runs the image already', () => {
    const runs: RanFirmware = { sha256: is.HASH, version: null, project: null, slot: 'ota_0', at: 1, proven: true };
    const known = { ...newNote('moult-1'), runs };
    expect(said(play([OFFERED, FETCHED], known).note)).to.deep.equal(['closed/success']);
    // Another slot runs since, or the device tells nothing.
    const other = { ...is.SEEN, status: is.statusOf('ota_1') };
    expect(steps(play([OFFERED, [FETCHED, { sight: other }]], known))).to.deep.equal(['ask-turn']);
    const silent = { ...is.SEEN, status: null };
    expect(steps(play([OFFERED, [FETCHED, { sight: silent }]], known))).to.deep.equal(['ask-turn']);
  });

  it('only downloads what is only to be downloaded', () => {
    const only: AgentEvent = {
      kind: 'polled',
      polled: is.polledOf({ deployment: is.deploymentOf({ update: 'skip' }) }),
    };
    const fetched = play([only, FETCHED]);
    expect(steps(fetched)).to.deep.equal([]);
    expect(said(fetched.note)).to.deep.equal(['downloaded/none']);
    // The server ends it then, and offers it no longer.
    const over = play([{ kind: 'polled', polled: is.polledOf() }], fetched.note);
    expect(over.note.action).to.equal(null);
    expect(said(over.note)).to.deep.equal(['downloaded/none']);
  });

  it('waits for the maintenance window, says so once, and begins in it', () => {
    const outside = is.deploymentOf({ update: 'skip', window: 'closed' });
    const closed: AgentEvent = { kind: 'polled', polled: is.polledOf({ deployment: outside }) };
    const waiting = play([closed, FETCHED, closed, closed]);
    expect(said(waiting.note)).to.deep.equal(['downloaded/none', 'scheduled/none']);
    expect(steps(waiting)).to.deep.equal([]);
    const open: AgentEvent = {
      kind: 'polled',
      polled: is.polledOf({ deployment: is.deploymentOf({ window: 'open' }) }),
    };
    expect(steps(play([open], waiting.note))).to.deep.equal(['ask-turn']);
  });

  it('begins what is not forced in its hours only, and what is forced at any time', () => {
    const soft: AgentEvent = {
      kind: 'polled',
      polled: is.polledOf({ deployment: is.deploymentOf({ update: 'attempt' }) }),
    };
    const softHours = { from: 22 * 60, to: 5 * 60 };
    const by = (event: AgentEvent, minute: number) =>
      steps(
        play(
          [
            [event, { minute }],
            [FETCHED, { minute }],
          ],
          undefined,
          { softHours },
        ),
      );
    expect(by(soft, 600)).to.deep.equal([]);
    expect(by(soft, 23 * 60)).to.deep.equal(['ask-turn']);
    expect(by(soft, 60)).to.deep.equal(['ask-turn']);
    expect(by(OFFERED, 600)).to.deep.equal(['ask-turn']);
  });

  it('leaves a confirmation to a person, unless it was told to confirm', () => {
    const asks: AgentEvent = { kind: 'polled', polled: is.polledOf({ confirmation: '9' }) };
    expect(steps(play([asks]))).to.deep.equal(['needs-confirmation']);
    const confirmed = play([asks, asks], undefined, { confirms: true });
    expect(said(confirmed.note)).to.deep.equal(['confirmation confirmed/none']);
  });
});

describe('an agent whose device is off or busy', () => {
  const off: AgentEvent = ended(is.failedWith('unreachable'));

  it('keeps the action open, and tries again with a later poll', () => {
    const again = play([...RUNNING, off]);
    expect(said(again.note)).to.deep.equal(['downloaded/none', 'proceeding/none']);
    expect(steps(play([OFFERED], again.note))).to.deep.equal([]);
    expect(steps(play([[OFFERED, { date: 1_060_000 }]], again.note))).to.deep.equal(['ask-turn']);
    // A clock that was set back is no reason to wait for a day.
    expect(steps(play([[OFFERED, { date: 1_000_000 - 24 * HOUR }]], again.note))).to.deep.equal(['ask-turn']);
  });

  it('gives up after a day, with a failure', () => {
    const { note } = play([...RUNNING, off]);
    const unseen = play([[LOOKED, { sight: null, date: 1_000_000 + 23 * HOUR }]], note);
    expect(said(unseen.note)).to.deep.equal(['downloaded/none', 'proceeding/none', 'proceeding/none']);
    const over = play([[LOOKED, { sight: null, date: 1_000_000 + 24 * HOUR }]], unseen.note);
    expect(said(over.note).at(-1)).to.equal('closed/failure');
    expect(over.note.outbox.at(-1)?.code).to.equal('given-up');
  });

  it('looks for one that was not seen again, begins nothing anew, and says failure, never success', () => {
    const { note } = play([...RUNNING, ended(is.NOT_SEEN)]);
    expect(said(note).at(-1)).to.equal('proceeding/none');
    const again = play([[OFFERED, { date: 1_060_000 }], TURN], note);
    expect(again.steps).to.deep.equal([{ kind: 'run', image: is.IMAGE, beginAgain: false }]);
    const late = play([[LOOKED, { sight: null, date: 1_000_000 + 15 * 60_000 }]], note);
    expect(said(late.note).at(-1)).to.equal('closed/failure');
    expect(late.note.outbox.at(-1)?.code).to.equal('not-seen-again');
  });

  it('says who is at it', () => {
    const held = play([...RUNNING, { kind: 'held', by: 'Chrome' }]);
    expect(said(held.note)).to.deep.equal(['downloaded/none', 'scheduled/none']);
    expect(held.note.action?.phase).to.equal('ready');
  });
});

describe('an agent that is to cancel an action', () => {
  it('ends it as not done where the server withdrew the wish that was agreed to, and offers it again', () => {
    const { note } = play([OFFERED, CANCEL]);
    expect(said(note).at(-1)).to.equal('cancel closed/success');
    const again = play([OFFERED], { ...note, outbox: [] });
    expect(steps(again)).to.deep.equal([]);
    expect(said(again.note)).to.deep.equal(['closed/failure']);
    expect(again.note.outbox[0]?.code).to.equal('cancelled-here');
  });

  it('does so where nothing was begun', () => {
    for (const before of [[OFFERED], [OFFERED, FETCHED], []]) {
      const { note } = play([...before, CANCEL]);
      expect(said(note).at(-1)).to.equal('cancel closed/success');
      expect(note.action).to.equal(null);
      expect(play([OFFERED], { ...note, outbox: [] }).steps, 'and begins it no more').to.deep.equal([]);
    }
  });

  it('stops an update that the device can drop, and says so once the device is idle', () => {
    const stopping = play([...RUNNING, [CANCEL, { state: writing(8_192) }]]);
    expect(steps(stopping)).to.deep.equal(['stop']);
    expect(said(stopping.note)).to.deep.equal(['downloaded/none']);
    const done = play([ended(is.CANCELLED)], stopping.note);
    expect(said(done.note).at(-1)).to.equal('cancel closed/success');
  });

  it('refuses, and goes on, where the device does not say that it is idle', () => {
    const stopping = play([...RUNNING, [CANCEL, { state: writing(8_192) }]]);
    const doubt = play([ended({ ...is.CANCELLED, deviceIdle: null } as typeof UPDATED)], stopping.note);
    expect(said(doubt.note).at(-1)).to.equal('cancel rejected/none');
    expect(steps(play([OFFERED], doubt.note))).to.deep.equal(['ask-turn']);
  });

  it('refuses at once where half an update would stay behind, or all of it is there', () => {
    const late: readonly ActiveState[] = [
      writing(8_192, { dialect: 'documented' }),
      writing(8_192, { dialect: 'wled' }),
      writing(is.SIZE),
      writing(is.SIZE, { phase: 'finalizing' }),
      { ...writing(is.SIZE), phase: 'restarting', elapsedMs: 0, patienceMs: 1 },
    ];
    for (const state of late) {
      const { note, steps: done } = play([...RUNNING, [CANCEL, { state }]]);
      expect(done, state.phase).to.deep.equal([]);
      expect(said(note).at(-1)).to.equal('cancel rejected/none');
    }
  });

  it('says that it had ended where it has, and its end after that', () => {
    const stopping = play([...RUNNING, [CANCEL, { state: writing(8_192) }]]);
    const { note } = play([ended(UPDATED)], stopping.note);
    expect(said(note)).to.deep.equal(['downloaded/none', 'cancel rejected/none', 'closed/success']);
  });

  it('leaves the answer to whoever is at the device', () => {
    const { note } = play([[CANCEL, { sight: { ...is.SEEN, isHeld: true } }]]);
    expect(said(note)).to.deep.equal([]);
  });
});

describe('an agent that was killed', () => {
  const started: AgentEvent = { kind: 'started' };

  it('looks at the device, then says that it goes on, and does', () => {
    const { note } = play(RUNNING);
    const back = play([started], note);
    expect(steps(back)).to.deep.equal([]);
    expect(said(back.note)).to.deep.equal(['downloaded/none']);
    const sight = { ...is.SEEN, isLeftOpen: true };
    const looked = play([[LOOKED, { sight }]], back.note);
    expect(said(looked.note)).to.deep.equal(['downloaded/none', 'resumed/none']);
    // Also where the server is away: it is the device that counts.
    expect(steps(looked)).to.deep.equal(['ask-turn']);
    expect(steps(play([TURN], looked.note))).to.deep.equal(['run']);
  });

  it('waits for the server’s word where nothing is half done', () => {
    const looked = play([started, LOOKED], play(RUNNING).note);
    expect(steps(looked)).to.deep.equal([]);
    expect(steps(play([OFFERED], looked.note))).to.deep.equal(['ask-turn']);
    const over = play([{ kind: 'polled', polled: is.polledOf() }], looked.note);
    expect(over.note.action).to.equal(null);
  });

  it('begins nothing before the device was seen', () => {
    const { note } = play([started], play(RUNNING).note);
    const unseen = play([[LOOKED, { sight: null }]], note);
    expect(steps(unseen)).to.deep.equal([]);
    expect(said(unseen.note)).to.deep.equal(['downloaded/none', 'proceeding/none']);
  });

  it('cancels what was half done only after it has gone on', () => {
    const sight = { ...is.SEEN, isLeftOpen: true };
    const back = play([started, [LOOKED, { sight }]], play(RUNNING).note);
    const wish = play([[CANCEL, { sight }]], back.note);
    expect(said(wish.note).at(-1)).to.equal('cancel rejected/none');
    expect(steps(wish)).to.deep.equal(['ask-turn']);
    expect(said(play([started, LOOKED, CANCEL], play(RUNNING).note).note).at(-1)).to.equal('cancel closed/success');
  });

  it('fetches a file anew that is gone from the disk', () => {
    const { note } = play([...RUNNING, { kind: 'missing' }]);
    expect(steps(play([OFFERED], note))).to.deep.equal(['fetch']);
  });
});

describe('an agent whose server has ended the action', () => {
  it('lets the update run on, and says nothing more of it', () => {
    const { note } = play([...RUNNING, { kind: 'polled', polled: is.polledOf() }]);
    expect(note.action?.phase).to.equal('closed');
    const done = play([ended(UPDATED)], note);
    expect(said(done.note)).to.deep.equal(['downloaded/none']);
    expect(done.note.action).to.equal(null);
    expect(done.note.runs?.slot).to.equal('ota_1');
  });

  it('hears it from the answer to its feedback, too', () => {
    const { note } = play(RUNNING);
    const gone = play([{ kind: 'answered', seq: note.outbox[0]?.seq ?? 0, answer: 'gone' }], note);
    expect(gone.note.outbox).to.deep.equal([]);
    expect(gone.note.action?.phase).to.equal('closed');
  });

  it('begins the next action only when the device is free', () => {
    const next: AgentEvent = { kind: 'polled', polled: is.polledOf({ deployment: is.deploymentOf({ id: '8' }) }) };
    const running = play([...RUNNING, next]);
    expect(steps(running)).to.deep.equal([]);
    const free = play([ended(UPDATED), next], running.note);
    expect(free.note.action?.id).to.equal('8');
    expect(steps(free)).to.deep.equal(['fetch']);
  });
});

describe('progress', () => {
  it('is told once in a tenth or in half a minute, and takes the place of what is unsent', () => {
    const at = (acknowledged: number, date: number) =>
      [{ kind: 'progressed', state: writing(acknowledged) }, { date }] as const;
    const told = play([...RUNNING, at(0, 1), at(100, 2), at(200, 3), at(5_000, 4), at(5_100, 5), at(5_200, 30_004)]);
    expect(said(told.note)).to.deep.equal(['downloaded/none', 'proceeding/none']);
    expect(told.note.outbox.at(-1)?.progress).to.deep.equal({ count: 5_200, of: is.SIZE });
    // Three words were worth saying.
    expect(told.note.seq).to.equal(5);
  });

  it('leaves room for the end, however often a device is lost', () => {
    let { note } = play(RUNNING);
    for (let day = 0; day < 3_000; day++) {
      const date = 1_000_000 + day * 28_000;
      const lost = ended(is.failedWith(day % 2 === 0 ? 'unreachable' : 'silent'));
      const progress: AgentEvent = { kind: 'progressed', state: writing(day % 2 === 0 ? 0 : 20_000) };
      note = play([[progress, { date }], [lost, { date }], [OFFERED, { date: date + 61_000 }], TURN], note).note;
      note = { ...note, outbox: [] };
    }
    expect(note.seq).to.be.below(900);
  });
});
