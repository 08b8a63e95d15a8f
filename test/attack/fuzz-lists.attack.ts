/** Foreign bytes beside those of `fuzz.attack.ts`: lists of devices, and updates for the host. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAddress } from '../../src/device/address.ts';
import { readTarget } from '../../src/host/gateway/target.ts';
import { readCreate, readFollow, readOrder } from '../../src/host/jobs/job-shapes.ts';
import { statusUrl } from '../../src/host/jobs/run/run-job.ts';
import type { AddressReading } from '../../src/model/device/address-reading.ts';
import { hasHiddenCharacters, isBlank } from '../../src/model/device/plain-names.ts';
import { isNeverSent, isTokenHeader } from '../../src/model/device/secrets/token-header.ts';
import { readImport } from '../../src/storage/read-import.ts';
import { jobFor } from '../host/jobs/job-host.ts';
import { fuzz } from './budget.ts';
import { damaged } from './damaged.ts';

function isShown(name: string): boolean {
  return !isBlank(name) && !hasHiddenCharacters(name);
}

/** What JSON makes of it; the text itself where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is foreign.
    return text;
  }
}

describe('Foreign lists', function () {
  this.timeout(600_000);

  const readAddress = (typed: string): AddressReading => {
    const read = parseAddress(typed);
    return read.kind === 'address' && !read.hasPath ? { ...read, prefix: null } : read;
  };
  const originOf = (typed: string): string | null => {
    const read = readAddress(typed);
    return read.kind === 'address' ? read.origin : null;
  };

  it('are devices that are shown as what they are, or are refused', async () => {
    const good = [
      'Kitchen, 192.168.1.50, abc\nAttic, https://attic.local:443/up',
      'name,address,token,group\n"Kitchen ""2""",192.168.1.50:80,abc,House',
      '[{"address":"10.0.0.1","name":"Hall","chip":9,"protocol":"shipped","tokenHeader":"X-Key","token":"abc"}]',
    ];
    await fuzz(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), ...good.map(damaged)), async (text) => {
        const read = await readImport(text, {
          ...{ subtle: crypto.subtle, now: 0, devices: [], originOf, readAddress },
        });
        if (read.kind !== 'read') {
          expect(read.kind).to.be.a('string');
          return;
        }
        for (const { name, typed, origin, tokenHeader } of read.plan.add) {
          expect(originOf(typed)).to.equal(origin);
          expect([isShown(name), isNeverSent(tokenHeader)], JSON.stringify([name, tokenHeader])).to.deep.equal([
            true,
            false,
          ]);
        }
        const { tokens } = read.plan;
        if (tokens instanceof Map) for (const token of tokens.values()) expect(token).to.match(/^[!-~]+$/);
      }),
    );
  });

  it('are updates of devices that the gateway reads likewise, or are refused without a word of what they held', async () => {
    const { id, key, ...more } = jobFor('http://192.168.1.50:8080', new Uint8Array(8));
    const job = JSON.stringify({ id, key, ...more });
    const others = [
      '{"kind":"go-on","secrets":null,"beginAgain":true}',
      `{"jobs":[{"id":"${id}","key":"${key}","after":null}]}`,
    ];
    const bodies = fc.oneof(fc.jsonValue(), ...[job, ...others].map((good) => damaged(good).map(parsed)));
    await fuzz(
      fc.property(bodies, (body) => {
        for (const read of [readCreate(body), readOrder(body), readFollow(body)]) {
          if (read.kind === 'wrong') expect(read.what).not.to.contain(more.secrets.token);
        }
        const read = readCreate(body);
        if (read.kind === 'wrong') return;
        const { device, firmware } = read.value;
        expect([isShown(device.name), isShown(firmware.name), isTokenHeader(device.tokenHeader)]).to.deep.equal([
          true,
          true,
          true,
        ]);
        const meant = readTarget('GET', statusUrl(device));
        if (meant.kind !== 'target') return;
        const { scheme, host, port, path } = meant.target;
        const shown = host.includes(':') ? `[${host}]` : host;
        expect(new URL(`${scheme}://${shown}:${port}`).origin).to.equal(device.origin);
        expect(path).to.equal(`${device.prefix}/status`);
      }),
    );
  });
});
