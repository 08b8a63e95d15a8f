/**
 * Every phase of an update × everything that can go wrong in it × every kind of device: the outcome, and every byte of
 * both slots.
 */
import { expect } from 'chai';
import type { Fault } from '../../src/simulator/faults.ts';
import type { Outcome } from '../../src/model/update/update-state.ts';
import { WITH_COUNTER, WITHOUT_COUNTER } from './fault-matrix-documented.ts';
import { SHIPPED } from './fault-matrix-shipped.ts';
import { FAULTS, MEANWHILE, OUTSIDE } from './fault-matrix.ts';
import type { Expected, First, Kind, Lull, Meanwhile, Outside, Row } from './fault-matrix.ts';
import { holdSlots, whatRuns } from './slot-bytes.ts';
import { ORIGIN, World, type WorldOptions } from './world.ts';

const MINUTE = 60_000;
/** How long a lull lasts that does not end by itself: less than a documented device keeps a session. */
const LULL_MS = 20_000;
/** The page is gone, and what it had sent takes its effect all the same: its longest time limit runs out. */
const UNTIL_PRESSED_AGAIN_MS = 50_000;

/** One cell: a world, the trouble in it, and what is held at its end. */
class Cell {
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
    const name = outcome.outcome === 'failed' ? `failed: ${outcome.code}` : outcome.outcome;
    expect(name + whatRuns(world)).to.equal(expected);
    // A stranger's session that cannot be told from ours has what we sent since it began.
    const since = outcome.progress.acknowledged - (device.session?.written ?? 0);
    const strangerFrom = world.dialect === 'documented' ? Math.max(0, since) : 0;
    holdSlots(world, { damaged: this.#damaged, strangerFrom });
    expect(
      device.writeLog.filter(({ slot }) => slot === 'ota_0'),
      'writes to the slot from before',
    ).to.have.length(0);
    expect(device.requestsInFlightMax, 'requests in flight').to.be.at.most(1);
    if (world.dialect === 'shipped') expect(device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
    if (outcome.outcome === 'updated') expect(device.markedValid, 'marked valid').to.equal(true);
    if (outcome.outcome === 'cancelled' && outcome.deviceIdle === true) expect(device.session).to.equal(null);
    if ('oldFirmware' in outcome && outcome.oldFirmware === 'runs') expect(device.running).to.equal('ota_0');
    expect(world.timersLeft, 'timers left').to.equal(0);
  }
}

const cell = (name: string, expected: Expected, test: () => Promise<void>): void =>
  void it(`${name}: ${expected}`, test);

function crossRow({ device }: Kind, row: Row): void {
  const after = row.first ? `, after ${row.first.words}` : '';
  const named = (trouble: string): string => `${row.phase}${after}, ${trouble}`;

  const play = async (expected: Expected, meet: (cell: Cell) => Fault | null, from: 'request' | 'state') => {
    const it = new Cell(device, row.first);
    const { world } = it;
    let seen = 0;
    world.device.fault = ({ route }) => {
      if (!it.isLed) return it.lead(route);
      if (from === 'state' || it.met || route !== row.route || world.states.at(-1)?.phase !== row.phase) return null;
      seen += 1;
      if (seen !== (row.nth ?? 1)) return null;
      it.met = true;
      return meet(it);
    };
    world.onState = ({ phase }) => {
      if (from === 'request' || it.met || !it.isLed || phase !== row.phase) return;
      it.met = true;
      meet(it);
    };
    it.hold(await it.toTheEnd(), expected);
    return it;
  };

  for (const [name, fault] of Object.entries(FAULTS) as [keyof typeof FAULTS, Fault][]) {
    const expected = row.but[name] ?? row.usually;
    const isFlash = fault.kind === 'corrupt' && fault.where === 'flash';
    // A question has no body that could be damaged.
    if (fault.kind === 'corrupt' && !isFlash && (row.route === 'status' || row.route === 'unknown')) continue;
    if (isFlash && row.beforeAnyByte) continue;
    cell(named(name), expected, async () => {
      const met = (it: Cell): Fault => {
        if (row.beforeAnyByte) expect(it.world.device.writeLog, 'nothing was written').to.have.length(0);
        it.damages(fault);
        return fault;
      };
      const { world } = await play(expected, met, 'request');
      expect(world.device.bytesTurned, 'bytes that turned over in flash').to.equal(isFlash ? 1 : 0);
    });
  }
  for (const name of OUTSIDE) {
    const expected = row.but[name] ?? row.usually;
    cell(named(name), expected, async () => {
      await play(expected, (it) => it.happens(name), name === 'offline for a minute' ? 'state' : 'request');
    });
  }
}

function crossLull({ device }: Kind, lull: Lull): void {
  const meanwhile = (it: Cell, name: Meanwhile): Fault | null => {
    switch (name) {
      case 'restart':
        it.world.device.restart();
        return null;
      case 'corrupt flash':
        return FAULTS['corrupt flash after'];
      case 'other session':
        return FAULTS['other session'];
      default:
        it.happens(name);
        return null;
    }
  };
  for (const name of MEANWHILE) {
    if (name === 'corrupt flash' && lull.beforeAnyByte) continue;
    // That is what the lull is.
    if (lull.first.also && name === `${lull.first.also} for a minute`) continue;
    const expected = lull.but[name] ?? lull.usually;
    cell(`waiting since ${lull.first.words}, ${name}`, expected, async () => {
      const it = new Cell(device, lull.first);
      const { world } = it;
      let theirs: Fault | null = null;
      world.device.fault = ({ route }) => {
        const fault = theirs;
        theirs = null;
        return fault ?? (it.isLed ? null : it.lead(route));
      };
      world.onState = (state) => {
        if (it.met || !it.isLed || !lull.isReached(state)) return;
        it.met = true;
        it.letLast();
        theirs = meanwhile(it, name);
        // Somebody else asks the device something: what becomes of that is nothing to us.
        if (theirs) void world.device.handle(new Request(`${ORIGIN}/elsewhere`));
      };
      it.hold(await it.toTheEnd(), expected);
      expect(world.device.bytesTurned, 'bytes that turned over in flash').to.equal(name === 'corrupt flash' ? 1 : 0);
    });
  }
}

/** What the bootloader does, whatever the network did: no request goes wrong here. */
function crossBootloader({ device, doesNotStart, damagedAndVerified }: Kind): void {
  cell('an image that does not start', doesNotStart, async () => {
    const it = new Cell({ ...device, boots: (image) => image.length <= 1000 });
    it.met = true;
    it.hold(await it.toTheEnd(), doesNotStart);
    expect(it.world.holdsImage, 'and the other slot holds the file').to.equal(true);
  });

  cell('an image damaged in flash, which the device reads before it boots it', damagedAndVerified, async () => {
    const it = new Cell({ ...device, verifies: true });
    it.world.device.fault = ({ route, nth }) => {
      if (it.met || nth !== 2 || (route !== 'chunk' && route !== 'write')) return null;
      it.met = true;
      return FAULTS['corrupt flash after'];
    };
    it.hold(await it.toTheEnd(), damagedAndVerified);
    expect(it.world.device.bytesTurned).to.equal(1);
  });
}

for (const kind of [SHIPPED, WITHOUT_COUNTER, WITH_COUNTER]) {
  describe(`the fault matrix of a ${kind.name} device`, () => {
    for (const row of kind.rows) crossRow(kind, row);
    for (const lull of kind.lulls) crossLull(kind, lull);
    crossBootloader(kind);
  });
}
