import { expect } from 'chai';
import { ONE_SLOT } from '../../src/simulator/bootloader.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { GENEROUS_REQUEST_BYTES } from '../../src/simulator/server/server-limits.ts';
import { Bench, expectDropped, image, update } from './bench.ts';

const OLD = image(500, 1);
const NEW = image(700, 2);

/** A device that runs OLD and has just restarted into NEW. */
async function updated(options: ConstructorParameters<typeof Bench>[0] = {}): Promise<Bench> {
  const bench = new Bench({ firmware: OLD, ...options });
  await expectDropped(update(bench, NEW, { reboot: true }));
  return bench;
}

describe('A simulated device that restarts', () => {
  it('answers nothing while it is away, then runs the boot slot', async () => {
    const awayMs = 2000;
    const bench = await updated({ awayMs });
    expect(bench.device.away).to.be.true;
    bench.clock.time += awayMs - 1;
    await expectDropped(bench.ask('/status'));
    bench.clock.time += 1;
    expect((await bench.ask('/status'))['running_partition']).to.include({ label: 'ota_1' });
    expect(bench.device.runningImage).to.deep.equal(NEW);
  });

  it('stays away when it is switched off, until it is started again', async () => {
    const bench = new Bench();
    bench.device.switchOff();
    bench.clock.time += 1e9;
    await expectDropped(bench.ask('/status'));
    bench.device.restart(0);
    await bench.ask('/status');
  });

  it('cuts off what is under way, and the flash keeps what was programmed until then', async () => {
    const waiting: (() => void)[] = [];
    const bench = new Bench({
      clock: { now: () => 0, sleep: () => new Promise((resolve) => waiting.push(resolve)) },
      costs: { eraseMsPerBlock: 0, programMsPerBlock: 1, roundTripMs: 0 },
      requestBytes: GENEROUS_REQUEST_BYTES,
    });
    await bench.ask('/begin', {});
    const bytes = image(8192);
    const writing = bench.ask('/chunk', bytes);
    while (waiting.length < 1) await new Promise((resolve) => setTimeout(resolve));
    waiting.shift()?.();
    while (waiting.length < 1) await new Promise((resolve) => setTimeout(resolve));
    bench.device.restart();
    waiting.shift()?.();
    await expectDropped(writing);
    expect(bench.device.slot('ota_1').slice(0, 4096)).to.deep.equal(bytes.slice(0, 4096));
    expect(bench.device.slot('ota_1')[4096]).to.equal(0xff);
    expect(bench.device.writeLog).to.deep.equal([]);
  });

  it('notifies listeners of a reset until they are removed', () => {
    const { device } = new Bench();
    let heard = 0;
    const stop = device.onRestart(() => (heard += 1));
    device.restart();
    stop();
    device.restart();
    expect(heard).to.equal(1);
  });

  describe('without rollback in the bootloader', () => {
    it('runs the new image from then on', async () => {
      const { device } = await updated();
      device.restart();
      expect([device.running, device.boot]).to.deep.equal(['ota_1', 'ota_1']);
    });

    it('passes over an image that does not start; the choice in flash stays', async () => {
      const { device } = await updated({ boots: (bytes) => bytes.length !== NEW.length });
      expect([device.running, device.boot]).to.deep.equal(['ota_0', 'ota_1']);
      expect(device.runningImage).to.deep.equal(OLD);
    });
  });

  describe('with rollback in the bootloader', () => {
    it('goes back at the next reset when the image was not marked valid', async () => {
      const { device } = await updated({ rollback: true });
      expect([device.running, device.markedValid]).to.deep.equal(['ota_1', false]);
      device.restart();
      expect([device.running, device.boot, device.markedValid]).to.deep.equal(['ota_0', 'ota_0', true]);
      device.restart();
      expect(device.running).to.equal('ota_0');
    });

    it('keeps an image that was marked valid', async () => {
      const bench = await updated({ rollback: true });
      await bench.ask('/mark-valid');
      expect(bench.device.markedValid).to.be.true;
      bench.device.restart();
      expect(bench.device.running).to.equal('ota_1');
    });

    it('goes back at once when the image does not start, and for good', async () => {
      const { device } = await updated({ rollback: true, boots: (bytes) => bytes.length !== NEW.length });
      expect(device.running).to.equal('ota_0');
      device.restart();
      expect([device.running, device.boot]).to.deep.equal(['ota_0', 'ota_0']);
    });

    it('can be updated again after it went back', async () => {
      const bench = await updated({ rollback: true });
      bench.device.restart();
      await expectDropped(update(bench, NEW, { reboot: true }));
      expect(bench.device.running).to.equal('ota_1');
    });
  });

  describe('with one update slot, as the published board has it', () => {
    it('takes the first update into it, and panics at the first chunk of the next: what runs is kept', async () => {
      const bench = await updated({ slots: ONE_SLOT });
      expect([bench.device.running, bench.device.boot]).to.deep.equal(['ota_0', 'ota_0']);
      const begun = await bench.ask('/begin', { expected_size: 300 });
      expect(begun['next_update_partition']).to.deep.equal(begun['running_partition']);
      await expectDropped(bench.ask('/chunk?offset=0', image(300, 3)));
      expect([bench.device.restarts, bench.device.session, bench.device.running]).to.deep.equal([2, null, 'ota_0']);
      expect(bench.device.runningImage).to.deep.equal(NEW);
      await expectDropped(bench.ask('/upload', image(300, 3)));
      expect(bench.device.runningImage).to.deep.equal(NEW);
    });

    it('falls back to the factory image, and can then be updated again', async () => {
      const bench = await updated({ slots: ONE_SLOT, rollback: true });
      await bench.ask('/begin', {});
      await expectDropped(bench.ask('/chunk', image(300, 3)));
      // The panic led to the second start of an image that had not been marked valid.
      expect([bench.device.running, bench.device.boot]).to.deep.equal(['factory', 'factory']);
      expect(bench.device.runningImage).to.deep.equal(OLD);
      await expectDropped(update(bench, NEW, { reboot: true }));
      expect(bench.device.running).to.equal('ota_0');
    });

    it('runs the factory image where the new one does not start', async () => {
      const { device } = await updated({ slots: ONE_SLOT, boots: (bytes) => bytes.length !== NEW.length });
      expect([device.running, device.boot]).to.deep.equal(['factory', 'ota_0']);
    });
  });

  describe('with a factory image beside two update slots', () => {
    const three: Partial<DeviceOptions> = { slots: ['factory', 'ota_0', 'ota_1'] };
    const NEWEST = image(900, 3);

    it('goes back and forth between the two, and never to the factory image', async () => {
      const bench = await updated(three);
      const ran: unknown[] = [bench.device.running];
      for (const bytes of [NEWEST, NEW, NEWEST]) {
        await expectDropped(update(bench, bytes, { reboot: true }));
        ran.push(bench.device.running);
      }
      expect(ran).to.deep.equal(['ota_0', 'ota_1', 'ota_0', 'ota_1']);
    });

    it('falls back to the slot that ran before', async () => {
      const bench = await updated({ ...three, rollback: true });
      await bench.ask('/mark-valid');
      await expectDropped(update(bench, NEWEST, { reboot: true }));
      bench.device.restart();
      expect([bench.device.running, bench.device.boot]).to.deep.equal(['ota_0', 'ota_0']);
    });

    it('ends in the factory image where neither starts', async () => {
      let isBroken = false;
      const bench = await updated({ ...three, boots: (bytes) => bytes.length === OLD.length || !isBroken });
      await update(bench, NEWEST);
      isBroken = true;
      bench.device.restart();
      expect([bench.device.running, bench.device.boot]).to.deep.equal(['factory', 'ota_1']);
    });
  });

  it('does not start from a slot that was half overwritten', async () => {
    const bench = await updated({ rollback: true });
    await bench.ask('/begin', {});
    await bench.ask('/chunk', image(100));
    bench.device.restart();
    expect([bench.device.running, bench.device.boot]).to.deep.equal(['ota_1', 'ota_0']);
  });

  it('is lost for good when neither slot starts', async () => {
    let broken = false;
    const bench = await updated({ boots: () => !broken });
    broken = true;
    bench.device.restart();
    expect([bench.device.running, bench.device.away]).to.deep.equal([null, true]);
    await expectDropped(bench.ask('/status'));
  });
});
