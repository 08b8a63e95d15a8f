/** A device that holds an image of an earlier run, of another file, which a loss of power starts as the next upload begins. */
import { expect } from 'chai';
import { onEveryOf, onNthOf } from '../../../src/simulator/whole/faults.ts';
import { OLD, OpenbekenWorld } from './openbeken/openbeken-world.ts';
import { inShort } from './trouble.ts';
import type { NextBuild } from './whole-world.ts';

before(() => OpenbekenWorld.ready());

/** A device that has taken a build which is not to be started yet. From here on, another one is sent, if any. */
async function staged(next: NextBuild | null, tellsSent: boolean): Promise<OpenbekenWorld> {
  const world = new OpenbekenWorld({ tellsSent });
  expect(await world.run({ restart: false })).to.include({ outcome: 'staged' });
  if (next !== null) world.next(next);
  return world;
}

const powerLost = onNthOf('ota', 1, { kind: 'restart', when: 'before' });

async function pressed(world: OpenbekenWorld): Promise<string> {
  return inShort(await world.run(), world.runs, world.uploads);
}

describe('an image of another file that a device holds', () => {
  it('is not taken for the one that is sent where it tells the same', async () => {
    const world = await staged('alike', false);
    world.device.fault = powerLost;
    expect(await pressed(world)).to.equal('failed unconfirmed, earlier, 2, unknown');
  });

  it('is replaced, where it is known that nothing has gone', async () => {
    const world = await staged('alike', true);
    world.device.fault = powerLost;
    expect(await pressed(world), 'a restart no longer shows it').to.equal('accepted same, file, 3');
  });

  it('is no accepted upload where it tells something else', async () => {
    const world = await staged('newer', false);
    world.device.fault = powerLost;
    expect(await pressed(world)).to.equal('failed unconfirmed, earlier, 2, unknown');
  });

  it('is not taken for what ran before, where it tells the same as that', async () => {
    for (const [tellsSent, expected] of [
      [true, 'failed unreachable, earlier, 4, unknown'],
      [false, 'failed unconfirmed, earlier, 2, unknown'],
    ] as const) {
      const world = new OpenbekenWorld({ tellsSent, file: OLD });
      expect(await world.run({ restart: false })).to.include({ outcome: 'staged' });
      world.next('newer');
      world.device.fault = onEveryOf('ota', { kind: 'restart', when: 'before' });
      expect(await pressed(world)).to.equal(expected);
    }
  });

  it('is kept in mind where the page goes away in between, and its start leaves the old firmware in doubt', async () => {
    const world = await staged('newer', true);
    world.device.fault = onNthOf('ota', 1, { kind: 'drop', when: 'before' });
    world.onState = ({ phase }) => {
      if (phase === 'writing') world.reload();
    };
    expect(await world.clock.settle(world.start())).to.equal(null);
    expect([...world.journal.values()]).to.have.nested.property('[0].mayHoldAnother', true);
    world.device.fault = onNthOf('ota', 2, { kind: 'restart', when: 'before' });
    world.onState = ({ phase }) => {
      if (phase === 'retrying') world.controls.cancel();
    };
    expect(await pressed(world)).to.equal('cancelled, earlier, 3, unknown');
  });

  it('is forgotten once the device has taken the next one', async () => {
    const world = await staged('newer', true);
    expect(await world.run({ restart: false })).to.include({ outcome: 'staged' });
    expect([...world.journal.values()]).to.not.have.nested.property('[0].mayHoldAnother');
  });

  it('may well be the same file, which its start then shows', async () => {
    const world = await staged(null, false);
    world.device.fault = powerLost;
    expect(await pressed(world)).to.equal('updated, file, 2');
  });
});
