/**
 * Every phase of an update × everything that can go wrong in it × every kind of device: the outcome, and every byte of
 * both slots.
 */
import { expect } from 'chai';
import { Cell, isInFlash, playLull, playRow, troublesMeanwhile, troublesOf } from './fault-matrix-cell.ts';
import { FAULTS } from './fault-matrix.ts';
import type { Expected, Kind, Lull, Row } from './fault-matrix.ts';
import { KINDS } from './kinds.ts';

const cell = (name: string, expected: Expected, test: () => Promise<void>): void =>
  void it(`${name}: ${expected}`, test);

function crossRow({ device }: Kind, row: Row): void {
  const after = row.first ? `, after ${row.first.words}` : '';
  for (const trouble of troublesOf(row)) {
    const expected = row.but[trouble] ?? row.usually;
    cell(`${row.phase}${after}, ${trouble}`, expected, async () => {
      const { cell: it, outcome } = await playRow(device, row, trouble);
      it.hold(outcome, expected);
      const flipped = isInFlash(trouble) ? 1 : 0;
      expect(it.world.device.bytesFlipped, 'bytes that were flipped in flash').to.equal(flipped);
    });
  }
}

function crossLull({ device }: Kind, lull: Lull): void {
  for (const name of troublesMeanwhile(lull)) {
    const expected = lull.but[name] ?? lull.usually;
    cell(`waiting since ${lull.first.words}, ${name}`, expected, async () => {
      const { cell: it, outcome } = await playLull(device, lull, name);
      it.hold(outcome, expected);
      expect(it.world.device.bytesFlipped, 'bytes that were flipped in flash').to.equal(
        name === 'corrupt flash' ? 1 : 0,
      );
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
    expect(it.world.device.bytesFlipped).to.equal(1);
  });
}

for (const kind of KINDS) {
  describe(`the fault matrix of a ${kind.name} device`, () => {
    for (const row of kind.rows) crossRow(kind, row);
    for (const lull of kind.lulls) crossLull(kind, lull);
    crossBootloader(kind);
  });
}
