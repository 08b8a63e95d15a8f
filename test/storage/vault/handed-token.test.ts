import { expect } from 'chai';
import { openFromLink, sealForLink } from '../../../src/storage/vault/handed-token.ts';
import { PLACE } from '../samples.ts';

const { subtle } = crypto;
const TOKEN = 'ab'.repeat(32);

describe('A token in a link', function () {
  // Each try costs 600,000 rounds of key derivation.
  this.timeout(120_000);

  it('opens with its code, however that is typed, and is not readable in the link', async () => {
    const { sealed, code } = await sealForLink(subtle, TOKEN, PLACE);
    expect(sealed).to.match(/^[A-Za-z0-9_-]+$/);
    expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(sealed).not.to.contain(TOKEN.slice(0, 8));
    const asRead = code.replaceAll('0', 'o').replaceAll('1', 'l');
    for (const typed of [code, code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', ' ')} `, asRead])
      expect(await openFromLink(subtle, sealed, typed, PLACE), typed).to.equal(TOKEN);
  });

  it('opens with no other code, and for no other address or path', async () => {
    const { sealed, code } = await sealForLink(subtle, TOKEN, PLACE);
    const other = `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`;
    for (const typed of ['', code.slice(1), `${code}A`, other])
      expect(await openFromLink(subtle, sealed, typed, PLACE), typed).to.equal(null);
    for (const place of ['http://192.168.1.66:8080/ota', `${PLACE}/more`])
      expect(await openFromLink(subtle, sealed, code, place), place).to.equal(null);
  });

  it('opens nothing that was changed, or is none', async () => {
    const { sealed, code } = await sealForLink(subtle, TOKEN, PLACE);
    const changed = `${sealed.slice(0, -4)}${sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    for (const text of ['', '?', 'A', 'AAAA', sealed.slice(0, 40), changed, `${sealed}=`])
      expect(await openFromLink(subtle, text, code, PLACE), text).to.equal(null);
  });

  it('has another code and another seal each time', async () => {
    const [one, two] = [await sealForLink(subtle, TOKEN, PLACE), await sealForLink(subtle, TOKEN, PLACE)];
    expect(one.code).not.to.equal(two.code);
    expect(one.sealed.slice(0, 20)).not.to.equal(two.sealed.slice(0, 20));
    expect(await openFromLink(subtle, one.sealed, two.code, PLACE)).to.equal(null);
  });
});
