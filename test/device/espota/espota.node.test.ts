/** How a host speaks to a sketch with ArduinoOTA. */
import { expect } from 'chai';
import { answerTo, proofOf, waysToShow } from '../../../src/device/espota/proof.ts';
import { transfer } from '../../../src/device/espota/transfer.ts';
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import type { RawConnection, RawWays } from '../../../src/model/device/raw-connection.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { limits, target } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

describe('the password of a sketch', () => {
  // Computed with Python's hashlib, as espota.py does.
  for (const [digits, keptBy, proof] of [
    [32, 'md5', '8cb4b9fbc387e53088d8bb5fc871f545'],
    [64, 'sha256', '6257c1e0b8dc177ef96fdecc6e08054833573bf82d3f0b218c450fa0ee50a1ba'],
    [64, 'md5', '1f3fd95c95a6040526601a8b59bbc091e14081239d7029a7df55409f86fcee7c'],
  ] as const) {
    it(`is proven for a nonce of ${digits} digits, where it is kept by ${keptBy}`, () => {
      expect(proofOf('a'.repeat(digits), 'b'.repeat(digits), 'geheim', keptBy)).to.equal(proof);
    });
  }

  it('is never in the answer, whose own nonce is as long, and another each time', () => {
    const one = answerTo('a'.repeat(32), 'geheim', 'md5');
    expect(one).to.match(/^[0-9a-f]{32} [0-9a-f]{32}$/);
    expect(one).to.not.equal(answerTo('a'.repeat(32), 'geheim', 'md5'));
  });

  it('is not proven for a nonce of another form', () => {
    for (const nonce of ['', 'a'.repeat(40), 'x'.repeat(32), 'a'.repeat(65)]) expect(waysToShow(nonce)).to.equal(null);
    expect(waysToShow('a'.repeat(64))).to.deep.equal(['sha256', 'md5']);
  });
});

/** A connection that answers each block with the next of these words, and then has ended. */
function saying(...words: readonly string[]): RawConnection {
  let heard = '';
  let at = 0;
  return {
    read: async () => {
      const letter = heard.charCodeAt(0);
      if (Number.isNaN(letter)) throw new Error('ended');
      heard = heard.slice(1);
      return Uint8Array.of(letter);
    },
    write: async () => {
      heard += words[at] ?? '';
      at += 1;
    },
    close: () => undefined,
  };
}

async function sent(bytes: number, ...words: readonly string[]) {
  const counts: number[] = [];
  const answer = await transfer(saying(...words), new Uint8Array(bytes), (count) => counts.push(count)).catch(
    (error: unknown) => (error instanceof UpdateError ? error.code : error),
  );
  return { answer, counts };
}

describe('the image that a sketch fetches', () => {
  it('is counted as the sketch writes it, in one number or in several', async () => {
    for (const block of ['1024', '5121024'.slice(0, 3) + '512', '10231', '100024']) {
      const { answer, counts } = await sent(2100, block, '1024', '52OK');
      expect(answer, block).to.deep.equal({ kind: 'taken', said: null });
      expect(counts, block).to.deep.equal([1024, 2048, 2100]);
    }
  });

  it('goes on where a number is repeated after a second of silence', async () => {
    expect((await sent(2048, '10001000100010001000100010001000', '1024OK')).answer).to.deep.include({ kind: 'taken' });
  });

  for (const [said, means] of [
    ['Wrong Magic Byte\r\n', { kind: 'refused', said: 'Wrong Magic Byte' }],
    ['1024Could Not Activate The Firmware\r\n', { kind: 'refused', said: 'Could Not Activate The Firmware' }],
    ['1024MD5 Check Failed\r\n', 'hash-mismatch'],
    ['Not Enough Space\r\n', 'too-large'],
    ['1024Flash Write Failed\r\n', 'device-fault'],
    ['1024', 'unreachable'],
  ] as const) {
    it(`ends by “${said.trim()}”`, async () => {
      const { answer } = await sent(1024, said);
      expect(answer).to.deep.equal(means);
    });
  }
});

describe('a sketch on the network', () => {
  const announcing = (port: string): RawWays => ({
    connect: () => Promise.reject(new Error('nobody')),
    announced: (_origin, _signal, service) =>
      Promise.resolve(service === 'arduino' ? { name: 'garden', port, board: 'esp32' } : null),
  });
  const find = (origin: string, port: string) =>
    OF_HOST.find(
      target({ origin, token: '' }),
      { fetch: () => Promise.reject(new TypeError('nobody')), clock: new ManualClock(), raw: announcing(port) },
      limits(),
    );

  it('is found by what it announces, at the port that it says, whatever port was typed', async () => {
    for (const origin of ['http://192.168.1.60:8080', 'http://192.168.1.60', 'http://192.168.1.60:3232']) {
      const found = await find(origin, '8266');
      expect(found, origin).to.include({ dialect: 'espota', origin: 'http://192.168.1.60:8266' });
      expect(found?.identity).to.include({ product: 'Arduino', name: 'garden', version: null });
    }
    expect(await find('http://192.168.1.60', 'no port')).to.include({ origin: 'http://192.168.1.60:3232' });
  });
});
