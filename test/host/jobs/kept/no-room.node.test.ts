/** A data folder that can no longer be written while the host runs. A disk that is really full: `test/attack/full-disk`. */
import { expect } from 'chai';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '../../../firmware/image-builder.ts';
import { testHost, type TestHost } from '../../test-host.ts';
import { hasEnded, jobFor, JobPage, outcomeOf, refusalIn, startDevice, type ServedSimulated } from '../job-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 65_536 });

describe('a folder of jobs that cannot be written', () => {
  let host: TestHost;
  let board: ServedSimulated;
  let page: JobPage;
  beforeEach(async () => {
    [host, board] = await Promise.all([testHost(), startDevice()]);
    page = new JobPage(host.port);
    await page.put(FIRMWARE);
  });
  afterEach(async () => {
    await host.stop();
    await board.close();
  });

  /** Puts a file in the place of a folder: nothing can be written there, whoever we are. */
  function block(name: string): () => void {
    const folder = join(host.dataDir, 'jobs', name);
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, '');
    return () => {
      rmSync(folder);
      mkdirSync(folder);
    };
  }

  for (const name of ['records', 'devices']) {
    it(`takes no job that it could not remember, and asks no device: ${name}`, async () => {
      const free = block(name);
      const asked = jobFor(board.origin, FIRMWARE);
      expect(refusalIn(await page.post('/jobs', asked))).to.deep.equal({ kind: 'cannot-keep' });
      expect(board.device.requests).to.deep.equal([]);
      expect(host.notices.join(' ')).to.match(/updates cannot be recorded/);
      free();
      // Nothing of the first try is in its way.
      expect((await page.post('/jobs', asked)).status).to.equal(201);
      expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    });
  }

  it('ends no update where its journal cannot be written', async () => {
    block('journal');
    const asked = jobFor(board.origin, FIRMWARE);
    await page.post('/jobs', asked);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
  });
});
