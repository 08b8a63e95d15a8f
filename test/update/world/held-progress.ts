import { expect } from 'chai';
import { type Dialect, TRAITS } from '../../../src/model/device/dialect.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import type { World } from './world.ts';

/**
 * States of one run: half an hour without a network shows some two hundred; a run that shows this many is caught in a
 * loop without requests.
 */
const STATES_WITHOUT_A_REQUEST = 1000;

/** What must hold of progress and journal in every state of every run, compared with the device's own count. */
export class HeldProgress {
  readonly #world: World;
  readonly #isHonest: boolean;
  /** What the session for this image had when it was last seen. */
  #had = 0;
  /** How much of the write log was seen. */
  #seen: number;
  #journalSaysMore: number | null = null;
  #quiet = { requests: 0, states: 0 };

  constructor(world: World, isHonest: boolean) {
    this.#world = world;
    this.#isHonest = isHonest;
    this.#seen = world.device.writeLog.length;
  }

  /** Update is pressed: what an earlier page left is believed. */
  starts(left: JournalEntry | undefined): void {
    if (left) this.noted(left);
    this.#holdJournal();
  }

  /** The engine tolerates a journal that fails, so what is wrong there is kept here until the test checks it. */
  noted({ sha256, acknowledged, dialect }: JournalEntry): void {
    if (sha256 === this.#world.sha256 && acknowledged > this.#deviceHas(dialect))
      this.#journalSaysMore ??= acknowledged;
  }

  state(state: UpdateState, before: UpdateState | undefined): void {
    this.#holdJournal();
    this.#holdQuiet();
    const { acknowledged, total } = state.progress;
    expect(acknowledged).to.be.within(0, total);
    expect(acknowledged, 'acknowledged progress is what the device has').to.be.at.most(this.#deviceHas(state.dialect));
    if (before?.progress.sessionRestarts !== state.progress.sessionRestarts) return;
    // A new begin on the device starts from 0; within a session progress never falls.
    expect(acknowledged, 'acknowledged progress never falls within a session').to.be.at.least(
      before.progress.acknowledged,
    );
  }

  /** Bytes that the device took of this image, by its own count; where it has none, the most that may be believed. */
  #deviceHas(spoken: Dialect | null): number {
    const { device, traits, holdsOurSession } = this.#world;
    // A device that answers the same to everything may be taken for another dialect, which has no count to compare with.
    const isTold = traits.tellsCount && (this.#isHonest || spoken === null || TRAITS[spoken].tellsCount);
    // A device that began what it refused has lost the bytes of an earlier session, and does not say so.
    if (!this.#isHonest && !isTold) return Infinity;
    const { session, writeLog } = device;
    const since = writeLog.slice(this.#seen);
    this.#seen = writeLog.length;
    if (session && holdsOurSession) return (this.#had = session.written);
    // Without offsets a chunk goes to whatever session is open, and whose that is cannot be seen.
    if (!isTold) return Infinity;
    // Ours has ended since it was last seen, and may have got a chunk before that.
    return (this.#had = Math.max(this.#had, ...since.map(({ offset, bytes }) => offset + bytes)));
  }

  #holdJournal(): void {
    expect(this.#journalSaysMore, 'bytes that the journal says and the device has not').to.equal(null);
  }

  /** A run that goes from state to state without a request would go on for ever. */
  #holdQuiet(): void {
    const requests = this.#world.device.requests.length;
    this.#quiet = { requests, states: requests === this.#quiet.requests ? this.#quiet.states + 1 : 0 };
    if (this.#quiet.states <= STATES_WITHOUT_A_REQUEST) return;
    throw new Error(`The update does not end: ${this.#quiet.states} states without a request.`);
  }
}
