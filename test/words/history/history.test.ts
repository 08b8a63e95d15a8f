import { expect } from 'chai';
import { without } from '../../../src/model/without.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { endingInWords } from '../../../src/words/history/history.ts';
import { aHistoryEntry } from '../../storage/samples.ts';
import { endedAs, OUTCOMES } from '../../update/scripted/outcomes.ts';

describe('what the history says of an update', () => {
  for (const outcome of OUTCOMES) {
    it(`is what was said when it ended: ${outcome}`, () => {
      const state = endedAs(outcome);
      const { dialect } = state;
      const { acknowledged: bytes, total: size } = state.progress;
      const facts = without(state, 'phase', 'dialect', 'progress', 'durationMs');
      const entry = aHistoryEntry({ outcome, dialect, bytes, size, ending: { kind: 'facts', facts } });
      const names = { device: entry.deviceName, version: entry.version };
      expect(endingInWords(entry)).to.equal(inWords(state, names).detail);
    });
  }

  it('is what an earlier version wrote, where that is all that was kept', () => {
    expect(endingInWords(aHistoryEntry({ ending: { kind: 'text', text: 'It runs.' } }))).to.equal('It runs.');
  });
});
