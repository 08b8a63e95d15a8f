/** Whether an update is the host’s or the page’s. */
import { expect } from 'chai';
import { ended, failed, NOW } from '../given.ts';
import { FakeHost, givenHost } from './fake-host.ts';
import { FIRST, until, ready, wanting, said } from './handed-over.ts';

describe('An update on the host', () => {
  for (const why of [{ kind: 'not-reached', why: 'no-such-name' }, { kind: 'disk-full' }] as const) {
    it(`runs in the page where the host does not do it (${why.kind}), which is said`, async () => {
      const { host, updates, device, view, keys, page } = await ready();
      host.refusals = [why];
      let meanwhile = '';
      updates.$update(device.id).listen(({ kind }) => {
        if (kind === 'running') meanwhile = said(page);
      });
      expect(await updates.start(device.id)).to.deep.include({ kind: 'ended' });
      expect(view()).to.not.have.property('onHost');
      expect(meanwhile).to.contain('This page updates Kitchen sensor by itself, so keep it open.');
      expect(keys.size, 'keys that are kept').to.equal(0);
    });
  }

  it('runs in the page where the host finds no device at the address', async () => {
    const { host, updates, device, view, keys, devices, wants } = await wanting();
    const started = updates.start(device.id);
    await until('the job', () => host.created.length === 1);
    host.says(FIRST, failed({ code: 'unreachable', during: 'detecting' }));
    expect(await started).to.deep.include({ kind: 'ended' });
    expect(view()).to.deep.include({ kind: 'ended' }).and.not.have.property('onHost');
    await until('it is forgotten', () => keys.size === 0 && host.orders.some(({ kind }) => kind === 'forget'));
    expect(wants(devices.find(device.id)), 'the next one is for the host').to.equal(false);
  });

  it('is the page’s where the person wants it so, or the host runs none', async () => {
    const chosen = await wanting();
    chosen.choice.choose({ where: 'page' });
    expect(chosen.wants(chosen.device)).to.equal(false);
    const without = await wanting(givenHost({}, new FakeHost(), new Map(), {}));
    expect(without.wants(without.device)).to.equal(false);
    const away = await wanting();
    expect(away.wants({ ...away.device, gatewayFailedAt: NOW - 1 }), 'what it has not reached').to.equal(false);
    expect(away.wants({ ...away.device, origin: 'http://a.simulated.invalid' }), 'what is in the tab').to.equal(false);
    const odd = { ...away.device, tokenHeader: 'X-Remote-User' };
    expect(away.wants(odd), 'whose header an earlier version took, and no job does').to.equal(false);
    expect(away.wants(away.device)).to.equal(true);
  });

  it('is the host’s where only a host can speak to the device, whatever the person wants', async () => {
    const chosen = await wanting();
    chosen.choice.choose({ where: 'page' });
    const device = { ...chosen.device, dialect: 'esphome', gatewayFailedAt: NOW - 1 } as const;
    expect(chosen.wants(device)).to.equal(true);
    expect(chosen.wants({ ...device, protocol: 'wled' }), 'set to another by hand').to.equal(false);
    const without = await wanting(givenHost({}, new FakeHost(), new Map(), {}));
    expect(without.wants(device), 'no host').to.equal(false);
  });

  it('is the host’s in a rollout of the page’s, too, where no page can speak to the device', async () => {
    const chosen = await wanting();
    chosen.choice.choose({ where: 'page' });
    const { firmware } = chosen.firmware;
    if (firmware === null) throw new Error('no file');
    for (const [dialect, jobs] of [
      ['shipped', 0],
      ['tasmota', 1],
    ] as const) {
      await chosen.devices.learn(chosen.device.id, { dialect });
      const started = chosen.updates.start(chosen.device.id, { firmware, overruled: ['other-firmware'] });
      await until(dialect, () => chosen.host.created.length === jobs);
      if (jobs > 0) chosen.host.says(FIRST, ended());
      expect(await started, dialect).to.deep.include({ kind: 'ended' });
    }
  });

  it('is the page’s where the page has begun it', async () => {
    const { host, updates, device, journal, firmware } = await ready();
    await journal.write({
      ...{ deviceId: device.id, sha256: firmware.firmware?.sha256 ?? '', size: 8, dialect: 'shipped' },
      ...{ sessionId: 's', slot: null, previousSlot: null, acknowledged: 4, sentTo: 4, phase: 'writing', at: NOW },
    });
    await updates.start(device.id);
    expect(host.created).to.deep.equal([]);
  });
});
