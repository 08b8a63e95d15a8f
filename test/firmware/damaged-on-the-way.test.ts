/** What downloads, servers and text tools turn a firmware file into. */
import { expect } from 'chai';
import { inspect } from './told.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import { buildMerged } from './flash-builder.ts';
import { buildApp, buildBootloader, buildSigned, concat, filled, noise, patched, text } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import { buildNvs } from './other-files-builder.ts';

const app = buildApp({ sizeBytes: 0x8000 });

/** Each byte read as a character of Latin-1, which is close enough to Windows-1252, and written as UTF-8. */
const asUtf8 = (bytes: Bytes): Bytes => text(String.fromCharCode(...bytes));
/** Read as UTF-8 and written again: invalid bytes become U+FFFD. */
const replaced = (bytes: Bytes): Bytes => text(new TextDecoder().decode(bytes));
const asUtf16 = (bytes: Bytes): Bytes =>
  concat(Uint8Array.of(0xff, 0xfe), ...[...bytes].map((byte) => Uint8Array.of(byte, 0)));

describe('an image whose bytes were taken for characters', () => {
  it('is damaged, with the cause named', async () => {
    for (const file of [replaced(app), asUtf8(app), asUtf16(app)]) {
      const seen = await inspect(file);
      expect(seen).to.include({ verdict: 'refuse', reason: 'damaged' });
      expect(seen.message).to.match(
        /^Damaged: a text transfer wrote its bytes as characters\. Send or download it again as/,
      );
    }
  });

  it('is not seen in other files', async () => {
    for (const file of [noise(8192), concat(text('é'), noise(8192)), concat(Uint8Array.of(0xff, 0xfe), noise(8192))]) {
      expect((await inspect(file)).reason).to.not.equal('damaged');
    }
    expect((await inspect(text('éa plain text in another alphabet'))).kind).to.equal('text');
  });
});

describe('an image whose rest is empty', () => {
  it('is incomplete: erased flash where the next part should be, from the byte on that is told', async () => {
    for (const from of [24, 300, 0x1000, 0x7000]) {
      const file = concat(app.subarray(0, from), filled(0x8000 - from, 0xff));
      const seen = await inspect(file);
      expect(seen, `from ${from}`).to.include({ verdict: 'refuse', reason: 'truncated' });
      expect(seen.message).to.match(
        /^Incomplete: from byte [\d,]+ on there is erased flash where more .* Download it again\.$/,
      );
    }
    const seen = await inspect(concat(app.subarray(0, 0x7000), filled(0x1000, 0xff)));
    expect(seen.message).to.contain('from byte 28,672 on');
    expect(seen).to.include({ kind: 'app' });
  });

  it('is incomplete where a download that stopped left zeros', async () => {
    const seen = await inspect(concat(app.subarray(0, 0x7000), filled(0x1000, 0)));
    expect(seen).to.include({ kind: 'app', verdict: 'refuse', reason: 'truncated' });
    expect(seen.message)
      .to.contain('from byte 28,672 on there are zeros')
      .and.match(/Download it again/);
  });

  it('is damaged, and not incomplete, where the end is there', async () => {
    expect((await inspect(patched(app, { 0x7000: 1, 0x7001: 2 }))).reason).to.equal('damaged');
    const hole = concat(app.subarray(0, 0x6000), filled(0x1000, 0xff), app.subarray(0x7000));
    expect((await inspect(hole)).reason).to.equal('damaged');
  });

  it('is said of the app in a full-flash file', async () => {
    const flash = buildMerged({ app });
    const torn = concat(flash.subarray(0, 0xf000 + 300), filled(0x8000 - 300, 0xff));
    const seen = await inspect(torn);
    expect(seen).to.deep.include({ kind: 'merged', reason: 'truncated', inside: [] });
  });
});

describe('a file with something at its front that does not belong to it', () => {
  const signed = buildSigned(app);
  const boundary = '------WebKitFormBoundaryX';
  const form = `${boundary}\r\nContent-Disposition: form-data; name="firmware"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const page = `<!DOCTYPE html>\n<html><body>${'<p>Warning: something went wrong</p>\n'.repeat(200)}</body></html>\n`;

  const heads: readonly (readonly [head: string, told: RegExp])[] = [
    [form, /behind the head of a web form/],
    ['HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: application/octet-stream\r\n\r\n', /behind a web server’s answer/],
    ['<br />\n<b>Warning</b>: something in <b>/srv/get.php</b>\n', /behind a web page/],
    [page, /behind a web page/],
  ];
  for (const [head, told] of heads) {
    it(`offers the firmware alone, with its signature: ${told.source}, ${head.length} bytes in`, async () => {
      const file = concat(text(head), signed, text(`\r\n${boundary}--\r\n`));
      const seen = await inspect(file);
      expect(seen).to.include({ kind: 'merged', verdict: 'refuse', reason: 'trailing-image' });
      expect(seen.chip).to.include({ name: 'ESP32' });
      expect(seen.message)
        .to.match(told)
        .and.contain(`starts ${head.length.toLocaleString('en-US')} bytes into this file`);
      const [inner] = seen.inside;
      if (inner === undefined) throw new Error('nothing is offered');
      expect(await takeOut(file, inner)).to.deep.equal({ kind: 'taken', bytes: signed });
    });
  }

  it('says what it is where no whole app follows', async () => {
    for (const rest of [noise(2048), app.subarray(0, -1), buildBootloader()]) {
      const seen = await inspect(concat(text(form), rest));
      expect(seen).to.deep.include({ kind: 'text', verdict: 'refuse', reason: 'text', inside: [] });
      expect(seen.message).to.equal(
        'This file begins with the head of a web form, and no whole firmware follows. Download the raw file again.',
      );
    }
  });

  it('is a web page as ever where nothing but the page is there', async () => {
    expect((await inspect(text(page))).message).to.match(/^This is a web page, not firmware/);
  });
});

describe('a settings image whose first page is free', () => {
  it('is told by a page further in, which has to be right by its CRC', async () => {
    const nvs = buildNvs();
    const later = concat(filled(0x2000, 0xff), nvs);
    expect(await inspect(later)).to.include({ kind: 'nvs', verdict: 'refuse', reason: 'nvs' });
    expect((await inspect(patched(later, { 0x2004: 9 }))).kind).to.equal('unknown');
    expect((await inspect(concat(filled(0x1000, 0xff), noise(16), nvs))).kind).to.equal('unknown');
  });
});
