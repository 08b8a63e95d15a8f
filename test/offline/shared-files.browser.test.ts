import { expect } from 'chai';
import { LARGEST_SHARED_BYTES, takeShared, keepShared, type Shared } from '../../src/offline/shared-files.ts';

describe('A shared file', () => {
  afterEach(() => takeShared(caches));

  /** What a share sheet, or a form of any web page, sends. */
  function share(...files: readonly File[]): Promise<Shared> {
    const form = new FormData();
    form.append('title', 'no file');
    for (const file of files) form.append('firmware', file);
    return keepShared(form, caches);
  }

  for (const name of ['kitchen.bin', 'küche – 1.4.2 (neu).bin', '水.uf2'])
    it(`is picked up as it was put down, once: ${name}`, async () => {
      expect(await share(new File([`bytes of ${name}`], name))).to.equal('file');
      const picked = await takeShared(caches);
      expect(picked?.name).to.equal(name);
      expect(await picked?.text()).to.equal(`bytes of ${name}`);
      expect(await takeShared(caches)).to.equal(null);
    });

  it('is one: of several none is taken', async () => {
    expect(await share(new File(['1'], 'first.bin'), new File(['2'], 'second.bin'))).to.equal('several');
    expect(await takeShared(caches)).to.equal(null);
  });

  it('takes the place of one that was not picked up', async () => {
    for (const name of ['first.bin', 'second.bin']) expect(await share(new File([name], name))).to.equal('file');
    expect((await takeShared(caches))?.name).to.equal('second.bin');
    expect(await takeShared(caches)).to.equal(null);
  });

  it('has 16 MB at most', async () => {
    const bytes = new Uint8Array(LARGEST_SHARED_BYTES + 1);
    expect(LARGEST_SHARED_BYTES).to.equal(16 * 1024 * 1024);
    expect(await share(new File([bytes], 'large.bin'))).to.equal('too-large');
    expect(await takeShared(caches)).to.equal(null);
    expect(await share(new File([bytes.subarray(1)], 'just.bin'))).to.equal('file');
  });

  it('is lost where a form brings none', async () => {
    expect(await share()).to.equal('lost');
    expect(await share(new File([], '')), 'a field that was left empty').to.equal('lost');
  });

  it('of a version before, under a key of its own, goes with the next look', async () => {
    const cache = await caches.open('moult-shared');
    for (const at of [0, 1]) await cache.put(`/shared-file/${at}`, new Response('old'));
    expect(await takeShared(caches)).to.equal(null);
    expect(await cache.keys()).to.deep.equal([]);
  });
});
