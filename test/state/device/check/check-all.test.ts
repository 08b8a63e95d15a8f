import { expect } from 'chai';
import { checkAll } from '../../../../src/state/device/check/check-all.ts';

describe('Asking many devices', () => {
  it('asks each once, in their order, and eight at a time', async () => {
    const asked: string[] = [];
    const open = new Set<() => void>();
    let most = 0;
    const check = (id: string): Promise<void> =>
      new Promise((answered) => {
        asked.push(id);
        open.add(answered);
        most = Math.max(most, open.size);
      });
    const ids = Array.from({ length: 20 }, (_, at) => `d${at}`);
    const all = checkAll({ check }, ids);
    while (open.size > 0) {
      for (const answered of open) answered();
      open.clear();
      // The next device is asked in a task of its own after an answer.
      await new Promise((done) => setTimeout(done));
    }
    await all;
    expect(asked).to.deep.equal(ids);
    expect(most).to.equal(8);
  });

  it('has nothing to do for none', async () => {
    await checkAll({ check: () => Promise.reject(new Error('asked')) }, []);
  });
});
