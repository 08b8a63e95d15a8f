import { expect } from 'chai';
import { lazy } from '../../src/model/lazy.ts';

describe('what is made with the first call', () => {
  it('is not made before', () => {
    let calls = 0;
    lazy(() => Promise.resolve((calls += 1)));

    expect(calls).to.equal(0);
  });

  it('is the same one for each call, also for one that comes while it is being made', async () => {
    let calls = 0;
    const get = lazy(() => Promise.resolve({ number: (calls += 1) }));

    const [first, second] = await Promise.all([get(), get()]);
    const third = await get();

    expect(first).to.equal(second).and.to.equal(third);
    expect(calls).to.equal(1);
  });

  it('is made anew after a failure, which the caller gets', async () => {
    let calls = 0;
    const get = lazy(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('no network')) : Promise.resolve('here');
    });

    const first = await get().catch((error: unknown) => error);

    expect(first).to.be.an('error').with.property('message', 'no network');
    expect(await get()).to.equal('here');
    expect(calls).to.equal(2);
  });
});
