import { expect } from 'chai';
import { pickUpShared, putDownShared } from '../../src/offline/shared-files.ts';

describe('Shared files', () => {
  afterEach(() => pickUpShared(caches));

  it('are picked up as they were put down, once, with names of any letters', async () => {
    const names = ['kitchen.bin', 'küche – 1.4.2 (neu).bin', '水.uf2'];
    await putDownShared(
      names.map((name) => new File([`bytes of ${name}`], name)),
      caches,
    );
    const picked = await pickUpShared(caches);
    expect(picked.map(({ name }) => name)).to.deep.equal(names);
    for (const file of picked) expect(await file.text()).to.equal(`bytes of ${file.name}`);
    expect(await pickUpShared(caches)).to.deep.equal([]);
  });

  it('wait for each other where two apps share before the page opens', async () => {
    await putDownShared([new File(['1'], 'first.bin')], caches);
    await putDownShared([new File(['2'], 'second.bin')], caches);
    expect((await pickUpShared(caches)).map(({ name }) => name)).to.deep.equal(['first.bin', 'second.bin']);
  });
});
