/** What devices announce is somebody else's word: whatever it is, it becomes a short list of plain lines. */
import { expect } from 'chai';
import { devicesIn, readAnnounced, SERVICE_TYPES } from '../../../src/host/serve/announced.ts';
import { isBlank } from '../../../src/model/device/plain-names.ts';
import { fc, howMany } from '../../random.ts';

const word = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: 'binary', maxLength: 300 }));
const key = fc.constantFrom('version', 'platform', 'board', 'friendly_name', 'devicetype', '__proto__', 'constructor');
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('192.168.1.7', '10.0.0.9', '192.168.1.8', '127.0.0.1', '8.8.8.8', 'no address'),
);
const service = fc.record(
  {
    type: fc.constantFrom(...SERVICE_TYPES),
    name: word,
    port: fc.oneof(fc.constantFrom(80, 3232, 8080), fc.integer(), fc.double()),
    addresses: fc.array(address, { maxLength: 4 }),
    txt: fc.dictionary(fc.oneof(key, word), fc.oneof(word, fc.anything()), { maxKeys: 6 }),
  },
  { requiredKeys: ['type'] },
);

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what devices announce', () => {
  it('is listed by plain words of a bounded length, at private addresses, each once', () => {
    fc.assert(
      fc.property(fc.array(service, { maxLength: 8 }), (services) => {
        const found = devicesIn(services.flatMap(({ type, ...of }) => readAnnounced(type, of)));
        expect(new Set(found.map((each) => each.address)).size).to.equal(found.length);
        for (const { name, version, chip, board, address: at } of found) {
          expect(isBlank(name)).to.equal(false);
          expect(name.length).to.be.at.most(63);
          for (const said of [name, version, chip, board]) if (said !== null) expect(said).to.not.match(HIDDEN);
          for (const said of [version, chip, board]) if (said !== null) expect(said.length).to.be.within(1, 40);
          expect(new URL(at).hostname).to.match(/^(10|172|192|100|169)\./);
        }
      }),
      { numRuns: howMany(2000) },
    );
  });
});
