import { expect } from 'chai';
import { inspect } from '../../src/firmware/inspect.ts';
import { isInTab } from '../../src/model/page/in-tab.ts';
import { noCosts } from '../../src/simulator/clock.ts';
import { tabFleet, type TabFleet, type TabMember } from '../../src/simulator/tab-fleet.ts';

const SWIFT = { costs: noCosts, awayMs: 0 };
/** With its headers within what a published device takes at once. */
const CHUNK = 3_500;

describe('The devices of one tab', () => {
  it('have addresses that lead nowhere else, and a token each', () => {
    const { members } = tabFleet(SWIFT);
    for (const { address, token, name } of members) {
      expect(isInTab({ origin: new URL(`http://${address}`).origin })).to.equal(true);
      expect(token).to.match(/^[0-9a-f]{64}$/);
      expect(name).to.contain('(simulated');
    }
    expect(new Set(members.map(({ address }) => address)).size).to.equal(4);
  });

  it('answer to their own token, and to no other', async () => {
    const fleet = tabFleet(SWIFT);
    const [kitchen, cellar] = fleet.members;
    expect((await ask(fleet, kitchen, 'GET', '/status')).status).to.equal(200);
    expect((await ask(fleet, kitchen, 'GET', '/status', { token: cellar?.token ?? '' })).status).to.equal(401);
  });

  it('leave requests to other addresses unanswered', async () => {
    const { fetch } = tabFleet(SWIFT);
    const failed = await fetch('http://192.168.1.50:8080/ota/status').catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
  });

  it('bring firmware that the inspector accepts', async () => {
    const { verdict, finding } = await inspect(tabFleet(SWIFT).sample());
    expect(verdict, JSON.stringify(finding)).to.equal('accept');
  });

  it('take an update, roll one back, or refuse one, as their names say', async () => {
    const fleet = tabFleet(SWIFT);
    const [kitchen, , attic, garage] = fleet.members;
    expect(await update(fleet, kitchen)).to.equal('restarts');
    expect(kitchen?.device.running).to.equal('ota_1');
    expect(await update(fleet, attic)).to.equal('restarts');
    expect(attic?.device.running).to.equal('ota_0');
    expect(await update(fleet, garage)).to.equal(409);
    expect(garage?.device).to.include({ running: 'ota_0', restarts: 0 });
  });

  it('lose the connection in the middle of each update, where the Wi-Fi is bad, and are back after it', async () => {
    const fleet = tabFleet(SWIFT);
    const [, cellar] = fleet.members;
    for (const turn of [1, 2]) {
      const failed = await update(fleet, cellar).catch((error: unknown) => error);
      expect(failed, `update ${turn}`).to.be.instanceOf(TypeError);
      expect(cellar?.device.session?.written).to.be.within(150_000, 250_000);
      for (let tries = 1; tries <= 3; tries += 1) {
        expect(await ask(fleet, cellar, 'GET', '/status').catch(() => null)).to.equal(null);
      }
      expect((await ask(fleet, cellar, 'GET', '/status')).status).to.equal(200);
    }
  });
});

async function ask(
  { fetch }: TabFleet,
  member: TabMember | undefined,
  method: string,
  route: string,
  { token = member?.token ?? '', body }: { token?: string; body?: Uint8Array<ArrayBuffer> | string } = {},
): Promise<Response> {
  return fetch(`http://${member?.address ?? ''}/ota${route}`, {
    method,
    headers: { 'X-OTA-Token': token },
    ...(body === undefined ? {} : { body }),
  });
}

/** Sends the sample without retries; answers the status of finalize. Rejects where a connection is lost before that. */
async function update(fleet: TabFleet, member: TabMember | undefined): Promise<number | 'restarts'> {
  const image = fleet.sample();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', image));
  const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const begin = { expected_size: image.length, expected_sha256: sha256, force: true };
  await ask(fleet, member, 'POST', '/begin', { body: JSON.stringify(begin) });
  for (let offset = 0; offset < image.length; offset += CHUNK) {
    const body = image.slice(offset, offset + CHUNK);
    await ask(fleet, member, 'POST', `/chunk?offset=${offset}`, { body });
  }
  const finalized = ask(fleet, member, 'POST', '/finalize', { body: JSON.stringify({ reboot: true }) });
  return finalized.then(
    ({ status }) => status,
    () => 'restarts',
  );
}
