import { expect } from 'chai';
import { onlyUpdatesText } from '../../../src/words/firmware/only-updates.ts';

describe('Of which devices an update may be the only one over the air', () => {
  const names = ['Hall', 'Attic', 'Porch', 'Cellar', 'Shed', 'Barn', 'Gate'];
  for (const [count, begins] of [
    [1, 'Hall runs from its factory slot. '],
    [2, 'Hall and Attic run from their factory slots. '],
    [6, 'Hall, Attic, Porch, Cellar, Shed and Barn run from their factory slots. '],
    [7, 'Hall, Attic, Porch, Cellar, Shed and 2 others run from their factory slots. '],
  ] as const) {
    it(`is one sentence for ${count}`, () => {
      const said = onlyUpdatesText(names.slice(0, count));
      expect(said.startsWith(begins), said).to.equal(true);
      expect(said).to.contain('the only update over the air');
    });
  }
});
