import { expect } from 'chai';
import { AGENT_CODES } from '../../src/model/agent/agent-codes.ts';
import { ERROR_FACTS } from '../../src/model/update/error-codes.ts';

describe('the numbers that a rollout server is told', () => {
  it('are one for each reason', () => {
    const numbers = Object.values(AGENT_CODES);
    expect(new Set(numbers).size).to.equal(numbers.length);
  });

  it('have each error of an update from 100 on', () => {
    for (const code of Object.keys(ERROR_FACTS))
      expect(AGENT_CODES[code as keyof typeof AGENT_CODES], code).to.be.at.least(100);
  });
});
