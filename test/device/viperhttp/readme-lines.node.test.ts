import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { NEWCOMERS_LINES } from './newcomers-lines.ts';

describe('the README', () => {
  it('shows the very lines that the dialog makes, but for its comments', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const block = /```python\n([^`]*CORSMiddleware[^`]*)```/.exec(readme)?.[1] ?? '';
    const bare = (text: string): string => text.replace(/ *#.*$/gm, '').trim();
    expect(bare(block)).to.equal(bare(NEWCOMERS_LINES));
  });
});
