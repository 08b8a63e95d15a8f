import { expect } from 'chai';
import { onNth, type FaultScript } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { testHost } from '../test-host.ts';
import { hasEnded, hashOf, jobFor, JobPage, outcomeOf, startDevice } from './job-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 32_768 });

/** What may go wrong on the way between host and device, where it differs from a page's: connections, and the host's own relay. */
const FAULTS: readonly (readonly [string, FaultScript | null, string])[] = [
  ['all goes well', null, 'updated'],
  ['the first question is lost', onNth('status', 1, { kind: 'drop', when: 'before' }), 'updated'],
  ['begin is lost', onNth('begin', 1, { kind: 'drop', when: 'before' }), 'updated'],
  ['the answer to begin is lost', onNth('begin', 1, { kind: 'drop', when: 'after' }), 'updated'],
  ['a chunk is lost', onNth('chunk', 3, { kind: 'drop', when: 'before' }), 'updated'],
  ['the answer to a chunk is lost', onNth('chunk', 3, { kind: 'drop', when: 'after' }), 'updated'],
  ['a chunk is answered without end', onNth('chunk', 3, { kind: 'garbage', answer: 'huge' }), 'updated'],
  [
    'a chunk is put off',
    onNth('chunk', 3, { kind: 'status', when: 'before', status: 503, retryAfter: '0' }),
    'updated',
  ],
  ['a chunk is damaged on the way', onNth('chunk', 3, { kind: 'corrupt', where: 'wire' }), 'rejected'],
  ['the device restarts in the middle', onNth('chunk', 3, { kind: 'restart', when: 'before' }), 'failed'],
  ['the answer to finalize is lost', onNth('finalize', 1, { kind: 'drop', when: 'after' }), 'updated'],
  ['the mark is lost', onNth('mark-valid', 1, { kind: 'drop', when: 'before' }), 'updated'],
];

describe('a job while things go wrong', () => {
  for (const [name, fault, outcome] of FAULTS) {
    it(`is ${outcome} where ${name}, and the running slot holds a whole firmware`, async () => {
      const host = await testHost();
      const board = await startDevice({ rollback: true });
      const { origin, device } = board;
      try {
        const before = hashOf(device.runningImage);
        device.fault = fault;
        const page = new JobPage(host.port);
        const asked = jobFor(origin, FIRMWARE);
        await page.create(FIRMWARE, asked);
        expect(outcomeOf(await page.until(asked, hasEnded))).to.equal(outcome);
        expect(hashOf(device.runningImage)).to.equal(outcome === 'updated' ? asked.firmware.sha256 : before);
      } finally {
        await host.stop();
        await board.close();
      }
    });
  }

  it('waits for a device that is away, and goes on by itself when it is back', async () => {
    const host = await testHost();
    const board = await startDevice();
    const { origin, device } = board;
    let isAway = false;
    device.fault = ({ route, nth }) => {
      if (route === 'chunk' && nth === 4) isAway = true;
      return isAway ? { kind: 'drop', when: 'before' } : null;
    };
    const page = new JobPage(host.port);
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update?.phase === 'retrying');
    isAway = false;
    device.fault = null;
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    await host.stop();
    await board.close();
  });
});
