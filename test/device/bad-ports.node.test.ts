import { expect } from 'chai';
import { isBadPort } from '../../src/device/bad-ports.ts';

describe('The ports that no browser connects to', () => {
  it('are those that Node’s fetch refuses, and some that devices may want are none of them', async () => {
    const bad = Array.from({ length: 65_535 }, (_, i) => i + 1).filter(isBadPort);
    expect(bad).to.have.length(82);
    for (const port of bad) {
      // It refuses them by its own table, before anything is sent.
      const why: unknown = await fetch(`http://127.0.0.1:${port}/`).then(
        () => 'answered',
        (error: unknown) => ((error as TypeError).cause as Error).message,
      );
      expect(why, String(port)).to.equal('bad port');
    }
    for (const port of [80, 443, 5000, 8000, 8080, 8081, 8888]) expect(isBadPort(port), String(port)).to.equal(false);
  });
});
