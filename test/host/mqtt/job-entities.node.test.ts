import { expect } from 'chai';
import type { Entry } from '../../../src/host/jobs/job-list.ts';
import { JobEntities } from '../../../src/host/mqtt/job-entities.ts';
import { CODES, failed } from '../../words/update/states.ts';

/** A job that has ended so, with no more of it than is announced. */
function endedWith(outcome: ReturnType<typeof failed>): Entry {
  const job = {
    id: 'job-1',
    device: { name: 'Kitchen', origin: 'http://192.168.1.1', prefix: '/ota', dialect: null, chipId: null },
    firmware: { name: 'app.bin', version: '1.2.0', sha256: 'a'.repeat(64) },
    update: null,
    standing: { kind: 'ended', outcome },
    endedAt: 0,
  };
  return { record: { job, needsSecrets: false }, secrets: null } as unknown as Entry;
}

function saidOf(outcome: ReturnType<typeof failed>): string {
  const list = { entries: [endedWith(outcome)] };
  const order = () => Promise.reject(new Error('nobody orders anything'));
  const entities = new JobEntities({ list, order }, { of: () => ({ told: null, at: -Infinity, lastSeen: null }) });
  return entities.entities()[0]?.ended ?? '';
}

describe('what Home Assistant shows of an update that failed', () => {
  it('says what to do there, and names no button of the page', () => {
    expect(saidOf(failed('silent'))).to.match(/^Failed\. .* then send the file again\.$/);
    expect(
      CODES.map((code) => saidOf(failed(code))).filter((said) => /ress Update|under Edit|browser may/.test(said)),
    ).to.deep.equal([]);
  });
});
