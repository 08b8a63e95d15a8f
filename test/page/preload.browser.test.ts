import { expect } from 'chai';
import { preload } from '../../src/page/preload.ts';

describe('a script that is loaded when it is needed', () => {
  it('has what it needs asked for beside it, once', async () => {
    const links = (): readonly (string | null)[] =>
      [...document.head.querySelectorAll('link[rel=modulepreload]')].map((link) => link.getAttribute('href'));
    const before = links();
    const one = await preload(() => Promise.resolve('one'), ['src/page/busy.ts', 'src/page/lock.ts']);
    const two = await preload(() => Promise.resolve('two'), ['src/page/busy.ts']);
    expect([one, two, await preload(() => Promise.resolve('three'))]).to.deep.equal(['one', 'two', 'three']);
    expect(links().slice(before.length)).to.deep.equal(['/src/page/busy.ts', '/src/page/lock.ts']);
  });
});
