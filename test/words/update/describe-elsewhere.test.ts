import { expect } from 'chai';
import { DIALECTS } from '../../../src/model/device/dialect.ts';
import { describeAny } from '../../../src/words/update/describe-any.ts';
import { describeElsewhere } from '../../../src/words/update/describe-elsewhere.ts';
import { CODES, failed, NAMES, progress } from './states.ts';

/** What only a page has. */
const OF_PAGE = /[Pp]ress |under “?Edit|Resume|take over|browser may/;

const states = CODES.flatMap((code) =>
  DIALECTS.flatMap((dialect) => [
    failed(code, { dialect }),
    failed(code, { dialect, resumable: true, progress: { ...progress, acknowledged: 4096 } }),
  ]),
);

describe('what is said of an update where there are no buttons', () => {
  it('names none of a page’s, whatever went wrong', () => {
    const said = states.map((state) => describeElsewhere(state, NAMES).detail);
    expect(said.filter((detail) => OF_PAGE.test(detail))).to.deep.equal([]);
    expect(
      said.filter((detail) => /[ ,][.,]|  /.test(detail)),
      'what a word left behind',
    ).to.deep.equal([]);
    expect(states.filter((state) => OF_PAGE.test(describeAny(state, NAMES).detail))).to.have.length.above(50);
  });

  it('still says what to do', () => {
    const detail = (code: (typeof CODES)[number]): string => describeElsewhere(failed(code), NAMES).detail;
    expect(detail('silent')).to.match(/Check the device, then send the file again\.$/);
    expect(detail('aborted')).to.match(/Send the file again for another try\.$/);
    expect(detail('half-left')).to.match(/Unplug it for a moment and send the file again\.$/);
    expect(detail('unauthorised')).to.match(/Check the token: it must be the ota_token of the device\.$/);
  });
});
