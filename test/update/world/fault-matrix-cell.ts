/** One cell of the fault matrix: a world, the trouble in it, and what is expected at its end. */
import { expect } from 'chai';
import type { Fault } from '../../../src/simulator/faults.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { FAULTS, MEANWHILE, OUTSIDE } from './fault-matrix.ts';
import type { DeviceTrouble, Expected, First, Lull, Meanwhile, Outside, Row } from './fault-matrix.ts';
import { holdSlots, whatRuns } from './slot-bytes.ts';
import { ORIGIN, World, type WorldOptions } from './world.ts';

const MINUTE = 60_000;
/** How long a lull lasts that does not end by itself: less than a documented device keeps a session. */
const LULL_MS = 20_000;
/** The page is gone, and what it had sent takes its effect all the same: its longest time limit runs out. */
const UNTIL_PRESSED_AGAIN_MS = 50_000;

export class Cell {
  readonly world: World;
  /** Whether the cell's own trouble was met. */
  met = false;
  #firsts = 0;
  /** Places in the write log of chunks that were damaged on the way. */
  readonly #damaged = new Set<number>();
  readonly #first: First | null;
  #isLed: boolean;

  constructor(device: WorldOptions, first: First | null = null) {
    this.world = new World({ imageBytes: 20_000, slotBytes: 64 * 1024, ...device });
    this.#first = first;
    this.#isLed = first === null;
  }

  /** Whether what comes first has gone wrong, so that the cell's own trouble is next. */
  get isLed(): boolean {
    return this.#isLed;
  }

  /** What goes wrong first, at its request; null elsewhere. */
  lead(route: string): Fault | null {
    const { world } = this;
    const first = this.#first;
    if (first?.route !== route) return null;
    this.#firsts += 1;
    if (this.#firsts !== first.nth) return null;
    this.#isLed = true;
    if (first.also === 'offline') world.network.set(false);
    if (first.also === 'paused') world.controls.pause();
    return first.fault;
  }

  /** The lull is reached: it lasts for as long as a lull does. */
  letLast(): void {
    const { world } = this;
    if (this.#first?.also === 'offline') world.later(LULL_MS, () => world.network.set(true));
    if (this.#first?.also === 'paused') {
      const { controls } = world;
      world.later(LULL_MS, () => controls.resume());
    }
  }

  damages(fault: Fault): void {
    if (fault.kind === 'corrupt' && fault.where === 'wire') this.#damaged.add(this.world.device.writeLog.length);
  }

  happens(trouble: Outside): Fault | null {
    const { world } = this;
    const { controls } = world;
    switch (trouble) {
      case 'page reloaded':
        world.reload();
        return null;
      case 'offline after it was sent':
      case 'offline for a minute': {
        const isSent = trouble === 'offline after it was sent';
        world.network.set(false);
        world.later(isSent ? LULL_MS : MINUTE, () => world.network.set(true));
        return isSent ? { kind: 'drop', when: 'after' } : null;
      }
      case 'cancelled':
        controls.cancel();
        return null;
      case 'paused for a minute':
        controls.pause();
        world.later(MINUTE, () => controls.resume());
        return null;
    }
  }

  /** @returns how it ended; where the page was closed, how it ended when Update was pressed again */
  async toTheEnd(): Promise<Outcome> {
    const { world } = this;
    const outcome = await world.clock.settle(world.start());
    if (outcome !== null) return outcome;
    await world.clock.pass(UNTIL_PRESSED_AGAIN_MS);
    return world.run();
  }

  /** What must hold however it ended. */
  hold(outcome: Outcome, expected: Expected): void {
    const { world } = this;
    const { device } = world;
    expect(this.met, 'the trouble was met').to.equal(true);
    expect(nameOf(outcome) + whatRuns(world)).to.equal(expected);
    // Another client's session that cannot be told apart from ours has what we sent since it began.
    const since = outcome.progress.acknowledged - (device.session?.written ?? 0);
    const otherFrom = world.traits.sessionNamesImage ? 0 : Math.max(0, since);
    holdSlots(world, { damaged: this.#damaged, otherFrom });
    expect(
      device.writeLog.filter(({ slot }) => slot === 'ota_0'),
      'writes to the slot from before',
    ).to.have.length(0);
    expect(device.requestsInFlightMax, 'requests in flight').to.be.at.most(1);
    if (world.traits.writesAreIdempotent) expect(device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
    if (outcome.outcome === 'updated') expect(device.markedValid, 'marked valid').to.equal(true);
    if (outcome.outcome === 'cancelled' && outcome.deviceIdle === true) expect(device.session).to.equal(null);
    if ('oldFirmware' in outcome && outcome.oldFirmware === 'runs') expect(device.running).to.equal('ota_0');
    expect(world.timersLeft, 'timers left').to.equal(0);
  }
}

/** "updated", "failed: unauthorised" */
export function nameOf(outcome: Outcome): string {
  return outcome.outcome === 'failed' ? `failed: ${outcome.code}` : outcome.outcome;
}

export type Trouble = DeviceTrouble | Outside;

/** Whether `trouble` is one of the device's, or of the request to it. */
export function isFault(trouble: string): trouble is DeviceTrouble {
  return trouble in FAULTS;
}

/** What can go wrong with the row's request. */
export function troublesOf({ route, beforeAnyByte }: Row): readonly Trouble[] {
  const isQuestion = route === 'status' || route === 'unknown';
  const faults = (Object.keys(FAULTS) as DeviceTrouble[]).filter((name) => {
    const fault: Fault = FAULTS[name];
    if (fault.kind !== 'corrupt') return true;
    // A question has no body that could be damaged.
    return fault.where === 'wire' ? !isQuestion : beforeAnyByte !== true;
  });
  return [...faults, ...OUTSIDE];
}

/** Whether bits are flipped in flash. */
export function isInFlash(trouble: Trouble): boolean {
  const fault: Fault | null = isFault(trouble) ? FAULTS[trouble] : null;
  return fault?.kind === 'corrupt' && fault.where === 'flash';
}

/** Lets the row's request meet `trouble`, once; answers the cell and how the update ended. */
export async function playRow(
  device: WorldOptions,
  row: Row,
  trouble: Trouble,
): Promise<{ readonly cell: Cell; readonly outcome: Outcome }> {
  const cell = new Cell(device, row.first);
  const { world } = cell;
  const from = trouble === 'offline for a minute' ? 'state' : 'request';
  const meet = (): Fault | null => {
    cell.met = true;
    if (row.beforeAnyByte) expect(world.device.writeLog, 'nothing was written').to.have.length(0);
    if (!isFault(trouble)) return cell.happens(trouble);
    cell.damages(FAULTS[trouble]);
    return FAULTS[trouble];
  };
  let seen = 0;
  world.device.fault = ({ route }) => {
    if (!cell.isLed) return cell.lead(route);
    if (from === 'state' || cell.met || route !== row.route || world.states.at(-1)?.phase !== row.phase) return null;
    seen += 1;
    return seen === (row.nth ?? 1) ? meet() : null;
  };
  world.onState = ({ phase }) => {
    if (from === 'state' && !cell.met && cell.isLed && phase === row.phase) meet();
  };
  return { cell, outcome: await cell.toTheEnd() };
}

/** What can happen while the lull lasts. */
export function troublesMeanwhile({ first, beforeAnyByte }: Lull): readonly Meanwhile[] {
  return MEANWHILE.filter((name) => {
    if (name === 'corrupt flash' && beforeAnyByte === true) return false;
    // That is what the lull is.
    return first.also === undefined || name !== `${first.also} for a minute`;
  });
}

/**
 * The fault of it that the device meets at the next request, from any client; null: the event is not a fault of the
 * device.
 */
export function faultMeanwhile(name: Meanwhile): Fault | null {
  if (name === 'corrupt flash') return FAULTS['corrupt flash after'];
  return name === 'other session' ? FAULTS['other session'] : null;
}

/** Lets `name` happen in the lull, once; answers the cell and how the update ended. */
export async function playLull(
  device: WorldOptions,
  lull: Lull,
  name: Meanwhile,
): Promise<{ readonly cell: Cell; readonly outcome: Outcome }> {
  const cell = new Cell(device, lull.first);
  const { world } = cell;
  let theirs: Fault | null = null;
  world.device.fault = ({ route }) => {
    const fault = theirs;
    theirs = null;
    return fault ?? (cell.isLed ? null : cell.lead(route));
  };
  world.onState = (state) => {
    if (cell.met || !cell.isLed || !lull.isReached(state)) return;
    cell.met = true;
    cell.letLast();
    theirs = faultMeanwhile(name);
    if (name === 'restart') world.device.restart();
    // Another client asks the device something; what becomes of that does not matter here.
    else if (theirs !== null) void world.device.handle(new Request(`${ORIGIN}/elsewhere`));
    else if (name !== 'corrupt flash' && name !== 'other session') cell.happens(name);
  };
  return { cell, outcome: await cell.toTheEnd() };
}
