import { expect } from 'chai';
import { FINE, FORBIDDEN } from './header-names.ts';

describe('What this browser sends of a page’s headers', () => {
  const sent = (name: string): boolean =>
    new Request('http://192.0.2.1/ota', { headers: { [name]: 'token' } }).headers.has(name);

  it('is none of those that are refused for a token', () => {
    expect(FORBIDDEN.filter(sent)).to.deep.equal([]);
  });

  it('is every other one', () => {
    expect(FINE.filter((name) => !sent(name))).to.deep.equal([]);
  });
});
