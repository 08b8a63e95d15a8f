import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { misfit, noRoute, notShipped, type NoLink } from '../../../src/device/viperhttp/finding.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';

const answerOf = (text: string) => parseAnswer(200, text, false, null);
const REFUSED = new UpdateError('unauthorised', { status: 401 });
const NO_ROUTE = new UpdateError('no-route', { status: 404 });
const UNREADABLE = new UpdateError('unreachable');

interface Expected {
  readonly finding: NoLink | null;
  readonly code: UpdateErrorCode;
  readonly status: number | null;
  readonly cause?: UpdateError;
}

describe('a device that told that it is shipped, and got no such link', () => {
  const cases: Readonly<Record<NoLink['kind'] | 'not asked', Expected>> = {
    'refused-token': { finding: { kind: 'refused-token', error: REFUSED }, code: 'unauthorised', status: 401 },
    'no-route': { finding: { kind: 'no-route', error: NO_ROUTE }, code: 'garbled', status: 404, cause: NO_ROUTE },
    unreadable: {
      finding: { kind: 'unreadable', error: UNREADABLE },
      code: 'unreadable',
      status: null,
      cause: UNREADABLE,
    },
    answer: { finding: { kind: 'answer', answer: answerOf('ready') }, code: 'garbled', status: 200 },
    'not asked': { finding: null, code: 'garbled', status: null },
  };
  for (const [kind, { finding, code, status, cause }] of Object.entries(cases)) {
    it(`is ${code}, and keeps what was seen, after: ${kind}`, () => {
      expect(notShipped(finding)).to.include({ code, status, cause });
    });
  }
});

describe('a device without a route for its status', () => {
  it('is told by the device’s own error, or by the status of the answer that every path gets', () => {
    expect(noRoute({ kind: 'no-route', error: NO_ROUTE })).to.equal(NO_ROUTE);
    expect(noRoute({ kind: 'answer', answer: answerOf('ok') })).to.include({ code: 'no-route', status: 200 });
  });
});

describe('an answer that fits neither dialect', () => {
  for (const [text, code] of [
    ['', 'garbled'],
    [' \r\n', 'garbled'],
    ['ready', 'unknown-format'],
  ] as const) {
    it(`is ${code} where it is ${JSON.stringify(text)}, with the refusal of the other header as its cause`, () => {
      expect(misfit(answerOf(text), REFUSED)).to.include({ code, status: 200, cause: REFUSED });
    });
  }
});
