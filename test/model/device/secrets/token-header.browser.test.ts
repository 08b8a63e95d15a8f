import { expect } from 'chai';
import { FINE, FORBIDDEN } from './header-names.ts';

describe('The header names that this browser sends for a page', () => {
  const sent = (name: string): boolean =>
    new Request('http://192.0.2.1/ota', { headers: { [name]: 'token' } }).headers.has(name);

  it('are none of those that are refused for a token', () => {
    expect(FORBIDDEN.filter(sent)).to.deep.equal([]);
  });

  it('are all others', () => {
    expect(FINE.filter((name) => !sent(name))).to.deep.equal([]);
  });
});
