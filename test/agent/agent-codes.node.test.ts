import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { AGENT_CODES } from '../../src/model/agent/agent-codes.ts';

describe('the codes in docs/fleet.md', () => {
  it('are those of the agent itself', () => {
    const rows = [...readFileSync('docs/fleet.md', 'utf8').matchAll(/^\| (\d+) \| ([a-z-]+)/gm)];
    const told = rows.map(([, number, name]) => [name, Number(number)]);
    const own = Object.entries(AGENT_CODES).filter(([, number]) => number < 100);
    expect(told).to.deep.equal(own);
  });
});
