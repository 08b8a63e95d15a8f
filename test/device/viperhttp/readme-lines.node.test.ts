import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { setupLines } from '../../../src/device/viperhttp/device-lines.ts';

describe('the README', () => {
  it('shows the very lines that the dialog makes, but for its comments', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const block = /```python\n([^`]*CORSMiddleware[^`]*)```/.exec(readme)?.[1] ?? '';
    const bare = (text: string): string => text.replace(/ *#.*$/gm, '').trim();
    const lines = setupLines({
      pageOrigin: 'http://localhost:6685',
      token: '…',
      protocol: 'automatic',
      tokenHeader: 'X-OTA-Token',
      address: '',
      prefix: '/ota',
    });
    expect(bare(block)).to.equal(bare(lines));
  });
});
