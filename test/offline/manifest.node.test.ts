import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { manifest } from '../../src/offline/manifest.ts';

const PUBLIC = 'public';
/** Where a PNG's width and height stand, as 32 bits each, high byte first (PNG specification, 11.2.1). */
const PNG_WIDTH_AT = 16;

function pngSize(path: string): string {
  const bytes = readFileSync(path);
  expect(bytes.subarray(1, 4).toString('latin1'), path).to.equal('PNG');
  return `${bytes.readUInt32BE(PNG_WIDTH_AT)}x${bytes.readUInt32BE(PNG_WIDTH_AT + 4)}`;
}

describe('The manifest', () => {
  const icons = manifest.icons ?? [];
  const screenshots = manifest.screenshots ?? [];
  const pictures = [...icons, ...screenshots];

  it('names pictures that are there, in the size they have', () => {
    expect(pictures).not.to.be.empty;
    for (const { src, sizes, type } of pictures) {
      const path = join(PUBLIC, src);
      expect(existsSync(path), path).to.equal(true);
      if (type === 'image/png') expect(pngSize(path), path).to.equal(sizes);
    }
  });

  it('has the icons that a browser needs to install it', () => {
    for (const purpose of ['any', 'maskable']) {
      const sizes = icons.filter((icon) => icon.purpose === purpose).map((icon) => icon.sizes);
      expect(sizes, purpose).to.include.members(['192x192', '512x512']);
    }
    expect(icons.some(({ purpose }) => purpose === 'monochrome')).to.equal(true);
  });

  it('shows the page on a phone and on a desk', () => {
    expect(new Set(screenshots.map(({ form_factor: form }) => form))).to.deep.equal(new Set(['narrow', 'wide']));
  });

  it('leads nowhere but below itself', () => {
    const places = [
      manifest.id,
      manifest.start_url,
      manifest.scope,
      manifest.share_target?.action,
      ...(manifest.shortcuts ?? []).map(({ url }) => url),
      ...(manifest.file_handlers ?? []).map(({ action }) => action),
    ];
    for (const place of places) expect(place).to.match(/^\.\//);
  });

  it('takes .bin files shared by other apps and opened with it', () => {
    const files = manifest.share_target?.params.files;
    expect(files === undefined ? [] : [files].flat().flatMap(({ accept }) => accept)).to.include('.bin');
    expect((manifest.file_handlers ?? []).flatMap(({ accept }) => Object.values(accept).flat())).to.include('.bin');
  });

  it('never loads the page again while it is open', () => {
    expect([manifest.launch_handler?.client_mode].flat()[0]).to.equal('focus-existing');
  });
});
