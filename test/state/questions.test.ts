import { expect } from 'chai';
import { QuestionsState } from '../../src/state/questions.ts';

describe('Questions', () => {
  it('are put one after another, each to its own asker', async () => {
    const questions = new QuestionsState();
    const first = questions.ask({ kind: 'remove-firmware', name: 'one' });
    const second = questions.ask({ kind: 'remove-firmware', name: 'two' });
    expect(questions.$question.get()).to.deep.equal({ kind: 'remove-firmware', name: 'one' });
    questions.answer(true);
    expect(questions.$question.get()).to.deep.equal({ kind: 'remove-firmware', name: 'two' });
    questions.answer(false);
    expect(questions.$question.get()).to.equal(null);
    expect([await first, await second]).to.deep.equal([true, false]);
  });
});
