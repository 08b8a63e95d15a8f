/**
 * Random fault schedules: whatever goes wrong, in whatever order, these promises hold. A failing schedule is printed
 * with its seed and path; `fc.assert(…, { seed, path })` plays it again.
 */
import { expect } from 'chai';
import type { SlotLabel } from '../../../src/simulator/bootloader.ts';
import type { Fault } from '../../../src/simulator/faults.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { holdsFault, isHollow, marksNothing, saysNoAndDoesIt, type Schedule, schedules } from './schedule.ts';
import { holdSlots, holdsFile, whatRuns } from './slot-bytes.ts';
import { World, type WorldOptions } from './world.ts';
import { fc, howMany, SEED } from '../../random.ts';

/** Schedules for each dialect. */
export const SCHEDULES = howMany(2_000);
/** Three blocks, begun with small chunks: half a dozen chunks that grow, short enough for ten thousand runs. */
const IMAGE_BYTES = 10_000;
const FIRST_CHUNK = 1024;
const SLOT_BYTES = 16 * 1024;
/** Schedules in one test. The end of each test shows that the machine is slow, and that the engine does not hang. */
const AT_A_TIME = 1_000;
/**
 * Requests of one run: one that waits out every limit asks a few hundred times; one that asks this often never ends.
 */
const REQUESTS_AT_MOST = 3000;
/**
 * Requests per run, on average: 28 to 31 were seen. An engine that goes round in circles before it ends asks more
 * often.
 */
const REQUESTS_ON_AVERAGE = 45;

/** Plays one schedule, press by press, and checks every outcome against the same promises. */
class Play {
  readonly world: World;
  readonly #schedule: Schedule;
  /** Sessions that another client opened. */
  #otherSessions = 0;
  /** Sessions of ours that a cancel put an end to; and of those, in a page that was closed before it had said so. */
  #aborted = 0;
  #abortedUnsaid = 0;
  /** Chunks to `shipped` at an offset other than the session's, which only our own bookkeeping could explain. */
  #astray = 0;
  /** Places in the write log of chunks that were damaged on the way. */
  readonly #damaged = new Set<number>();
  #presses = 1;
  /** The slot to start next when Update was pressed; another one: the device has taken the image since. */
  #bootBefore: string | null = null;
  #hasTaken = false;
  /** Sessions begun by the same press after that: they write over the slot from before. */
  #writtenOver = 0;
  /** Labels of the slots that may run without any finalize since what runs was last certain. */
  #certain: readonly (SlotLabel | null)[] = [];
  /** Whether one of them was damaged in flash since: it does not start again, and what is written over it hides that. */
  #isCertainDamaged = false;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.world = new World({
      imageBytes: IMAGE_BYTES,
      slotBytes: SLOT_BYTES,
      rollback: schedule.rollback,
      random: () => schedule.luck,
      resends: schedule.resends,
      // A late begin of a page that was closed may discard the session of the next page. And a device that says yes to
      // a chunk and does nothing shows only by its hash.
      isHonest: !saysNoAndDoesIt(schedule) && !holdsFault(schedule, 'delay') && !isHollow(schedule),
      ...schedule.device,
    });
    const { world } = this;
    world.onState = () => {
      if (world.device.requests.length > REQUESTS_AT_MOST) throw new Error('The update does not end.');
    };
    world.device.fault = (request) => {
      this.#seeDamage();
      if (request.route === 'chunk') this.#seeChunk(request.offset);
      if (request.route === 'abort' && this.world.holdsOurSession) this.#aborted += 1;
      // An image of an earlier press that was never marked valid goes back by itself, which looks the same.
      const goesBack = schedule.rollback && this.#presses > 1;
      this.#hasTaken ||= !goesBack && world.device.boot !== this.#bootBefore;
      if (request.route === 'begin' && this.#hasTaken) this.#writtenOver += 1;
      const fault = this.#due(request.index, request.route);
      if (fault?.kind === 'other-session') this.#otherSessions += 1;
      const isWrite = request.route === 'chunk' || request.route === 'write';
      if (isWrite && fault?.kind === 'corrupt' && fault.where === 'wire')
        this.#damaged.add(world.device.writeLog.length);
      return fault;
    };
    this.#isCertain();
  }

  /** @returns every outcome, in order */
  async toTheEnd(): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (;;) {
      const outcome = await this.#press();
      this.#hold(outcome);
      outcomes.push(outcome);
      const { again, sendsNext } = this.#schedule;
      if (outcomes.length > again) return outcomes;
      if (outcomes.length === 1 && sendsNext !== false) this.#sendNext(sendsNext);
      this.#presses += 1;
    }
  }

  /** From here on another build is sent: what runs now is the old firmware. */
  #sendNext(size: 'as-large' | 'larger'): void {
    this.world.next(size);
    const { running } = this.world.device;
    this.#certain = [...(this.#goesBack ? this.#certain : []), running];
  }

  /** A page that was closed is opened again, and Update is pressed again, as often as it was closed. */
  async #press(): Promise<Outcome> {
    this.#bootBefore = this.world.device.boot;
    this.#hasTaken = false;
    for (;;) {
      const aborted = this.#aborted;
      const outcome = await this.world.clock.settle(this.world.start({ chunkBytes: { direct: FIRST_CHUNK } }));
      if (outcome) return outcome;
      this.#abortedUnsaid += this.#aborted - aborted;
    }
  }

  #due(index: number, route: string): Fault | null {
    const { world } = this;
    let found: Fault | null = null;
    for (const one of this.#schedule.events) {
      if (one.kind === 'hollow' && one.at <= index && one.routes.includes(route))
        found ??= { kind: 'status', when: 'before', status: 200, body: one.body };
      if (one.kind === 'always' && one.at <= index && one.route === route) found ??= one.fault;
      if (one.at !== index) continue;
      switch (one.kind) {
        case 'fault':
          found ??= one.fault;
          break;
        case 'offline':
          world.network.set(false);
          world.later(one.ms, () => world.network.set(true));
          break;
        case 'pause': {
          const { controls } = world;
          controls.pause();
          world.later(one.ms, () => controls.resume());
          break;
        }
        case 'reload':
          world.reload();
          break;
        case 'cancel':
          world.controls.cancel();
          break;
        case 'always':
        case 'hollow':
      }
    }
    return found;
  }

  #seeChunk(written: number | null): void {
    const path = this.world.device.requests.at(-1)?.path ?? '';
    const offset = Number(new URL(path, 'http://device').searchParams.get('offset'));
    if (this.world.holdsOurSession && offset !== written) this.#astray += 1;
  }

  #isCertain(): void {
    const { device } = this.world;
    this.#certain = [...(this.#goesBack ? this.#certain : []), device.running, device.boot];
    this.#isCertainDamaged = false;
  }

  /** Whether what runs was not marked valid, as nothing is that shows no slot: the bootloader may go back at any reset. */
  get #goesBack(): boolean {
    const { traits, device } = this.world;
    return this.#schedule.rollback && (traits.provesWhatRuns === 'nothing' || !device.markedValid);
  }

  #seeDamage(): void {
    const { device } = this.world;
    this.#isCertainDamaged ||= this.#certain.some((label) => label !== null && device.flipped(label).size > 0);
  }

  /** What holds at an end, whatever went wrong. That progress never falls within a session is held in every state. */
  #hold(outcome: Outcome): void {
    const { world } = this;
    const { device } = world;
    expect(device.requestsInFlightMax, 'requests in flight').to.be.at.most(1);
    this.#holdTimers();
    this.#holdBytes();
    if (world.traits.writesAreIdempotent) this.#holdNoByteTwice();
    // A device that takes the image and then says that it did nothing is believed. So is another client's session that
    // counts other bytes when the browser sends the finalize again.
    const isHidden = this.#schedule.resends && holdsFault(this.#schedule, 'other-session');
    if (!saysNoAndDoesIt(this.#schedule) && !holdsFault(this.#schedule, 'delay') && !isHidden) {
      expect(this.#writtenOver, 'sessions begun over an image that was taken').to.equal(0);
    }
    switch (outcome.outcome) {
      case 'updated':
        // Bits that flip in an image that runs already cannot be seen from outside.
        expect(whatRuns(world), 'the running slot holds the file').to.be.oneOf(['*', '~']);
        if (!marksNothing(this.#schedule)) expect(device.markedValid).to.equal(true);
        break;
      case 'accepted':
        // It cannot know what flash does to bytes after they were hashed.
        expect(holdsFile(world), 'what was accepted is the file').to.equal(true);
        break;
      case 'cancelled':
        // Another client may have begun since it said so.
        if (outcome.deviceIdle === true) expect(device.session?.expectedSha256).not.to.equal(world.sha256);
        break;
      case 'staged':
      case 'rolled-back':
      case 'rejected':
      case 'not-seen-again':
      case 'failed':
    }
    this.#holdOldFirmware(outcome);
  }

  /** What is said of the firmware from before is true; where it is not known, nothing is said. */
  #holdOldFirmware(outcome: Outcome): void {
    const { world } = this;
    // Firmware whose flash was damaged while it ran does not start again, which cannot be known beforehand.
    this.#seeDamage();
    if (this.#isCertainDamaged) this.#certain = ['ota_0', 'ota_1', null];
    switch (outcome.outcome) {
      case 'staged':
      case 'rolled-back':
        expect(this.#certain, `the old firmware runs: ${outcome.outcome}`).to.include(world.device.running);
        break;
      case 'rejected':
      case 'failed':
      case 'cancelled':
        if (outcome.oldFirmware === 'unknown') {
          // It may run what was taken, and go back from there at any reset.
          if (world.traits.provesWhatRuns === 'nothing' && this.#schedule.rollback) this.#isCertain();
          return;
        }
        if (outcome.oldFirmware === 'replaced')
          expect(whatRuns(world), 'the new firmware runs').to.be.oneOf(['*', '~']);
        else expect(this.#certain, 'the old firmware runs').to.include(world.device.running);
        break;
      case 'not-seen-again':
        return;
      case 'updated':
      case 'accepted':
    }
    this.#isCertain();
  }

  /** The slots hold exactly what was written there, and what runs is one of the two images, whole. */
  #holdBytes(): void {
    const { world } = this;
    const { device } = world;
    // An image that is damaged while it runs does not start again, and the other slot may be half written by then.
    const isLost = device.running === null && device.bytesFlipped > 0;
    if (!isLost) whatRuns(world);
    // Without offsets a device writes a chunk wherever it is: also one that comes late, twice, in another client's
    // session, or after a wrong yes or no.
    const mayGoAstray =
      this.#schedule.resends ||
      saysNoAndDoesIt(this.#schedule) ||
      isHollow(this.#schedule) ||
      holdsFault(this.#schedule, 'delay') ||
      holdsFault(this.#schedule, 'other-session');
    if (world.traits.writesAreIdempotent || !mayGoAstray)
      holdSlots(world, { damaged: this.#damaged, mayBeLate: holdsFault(this.#schedule, 'delay') });
  }

  /** Where no request of ours is late, and no page was closed with one under way, no timer is left. */
  #holdTimers(): void {
    const wasClosed = this.#schedule.events.some(({ kind }) => kind === 'reload');
    if (wasClosed || holdsFault(this.#schedule, 'delay')) return;
    expect(this.world.timersLeft, 'timers left').to.equal(0);
  }

  /**
   * No byte is sent twice without need: no chunk at another offset than the device's, and no more sessions than one for
   * each press and one for each that the device or another client ended, or a cancel whose page was closed.
   */
  #holdNoByteTwice(): void {
    const { device } = this.world;
    expect(device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
    // A late chunk is written after we gave it up; one that the browser sent again is refused. A chunk refused as too
    // large is sent again at once, and its offset is wrong only where the refusal was not true.
    if (!holdsFault(this.#schedule, 'delay') && !this.#schedule.resends && !saysNoAndDoesIt(this.#schedule))
      expect(this.#astray, 'chunks at another offset').to.equal(0);
    const sessions = device.writeLog.filter(({ offset }) => offset === 0).length;
    const needed = this.#presses + device.restarts + this.#otherSessions + this.#abortedUnsaid;
    expect(sessions, 'sessions').to.be.at.most(needed);
  }
}

/**
 * Plays `SCHEDULES` on devices of a kind, a thousand in each test, and checks each against the same promises.
 */
export function holdsForAll(promises: string, device: fc.Arbitrary<WorldOptions>): void {
  const tests = Math.ceil(SCHEDULES / AT_A_TIME);
  for (let test = 1; test <= tests; test += 1) {
    // Each test plays others.
    const parameters = { seed: SEED + test, numRuns: Math.ceil(SCHEDULES / tests) };
    it(`${promises} (${test} of ${tests})`, () => holdsFor(parameters, device));
  }
}

interface Parameters {
  readonly seed: number;
  readonly numRuns: number;
}

async function holdsFor(parameters: Parameters, device: fc.Arbitrary<WorldOptions>): Promise<void> {
  const seen = new Map<string, number>();
  let requests = 0;
  const property = fc.asyncProperty(schedules(device), async (schedule) => {
    const play = new Play(schedule);
    for (const { outcome } of await play.toTheEnd()) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    requests += play.world.device.requests.length;
  });
  // Every stopped timer makes an error, and its stack is a tenth of the whole time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await fc.assert(property, parameters);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  expect(requests / parameters.numRuns, 'requests on average').to.be.at.most(REQUESTS_ON_AVERAGE);
  // A property that only ever met one outcome would hold for an engine that never tries.
  expect([...seen.keys()].length, JSON.stringify([...seen])).to.be.at.least(4);
}
