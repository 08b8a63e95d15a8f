import { expect } from 'chai';
import { ended, failed, NOW, writing } from '../given.ts';
import { held, status } from '../update/given-updates.ts';
import { givenHost } from './fake-host.ts';
import { FIRST, until, ready, begun, BUSY, rows, said } from './handed-over.ts';

describe('An update on the host', () => {
  it('says how much of its file is on its way to the host, and nothing of it where the host has the file', async () => {
    const { host, device, updates, firmware } = await ready();
    const size = firmware.firmware?.bytes.length ?? 0;
    const seen: (number | undefined)[] = [];
    updates.$update(device.id).listen((view) => {
      if (view.kind === 'preparing') seen.push(view.handedOver);
    });
    host.sends = [0, 1, size / 2, size / 2, size];
    const started = updates.start(device.id);
    await until('the job', () => host.created.length === 1);
    // One drawing for each percent, however often the browser tells.
    expect(seen).to.deep.equal([undefined, 0, Math.floor(100 / size), 50, 100]);
    host.says(FIRST, ended());
    await started;
    host.sends = [];
    seen.splice(0);
    void updates.start(device.id);
    await until('the next job', () => host.created.length === 2);
    expect(seen).to.deep.equal([undefined]);
  });

  it('takes back what was said of it once that is no longer true', async () => {
    const hold = held();
    const { host, device, devices, updates, view, ...page } = await ready(givenHost({ run: hold.run }));
    host.refusals = [{ kind: 'disk-full' }];
    const started = updates.start(device.id);
    await until('the page’s own update', () => view().kind === 'running');
    expect(said(page), 'while it needs the page').to.contain('keep it open');
    hold.go();
    await started;
    expect(said(page), 'after its end').to.equal('');
    host.refusals = [BUSY];
    await updates.start(device.id);
    expect(said(page)).not.to.equal('');
    void updates.start(device.id);
    await until('the next one', () => said(page) === '');
    await until('its job', () => host.created.length === 3);
    host.says(host.created[2]?.id ?? '', ended());
    await until('its end', () => view().kind === 'ended');
    host.refusals = [BUSY];
    await updates.start(device.id);
    expect(said(page)).not.to.equal('');
    await devices.remove(device.id);
    expect(said(page), 'of a device that is no longer here').to.equal('');
  });

  it('is handed over with its file, its plan and the device’s token', async () => {
    const { host, device, firmware } = await begun();
    expect([...host.files.keys()]).to.deep.equal([firmware.firmware?.sha256]);
    expect(host.created[0]).to.deep.include({
      secrets: { token: 'secret', login: null },
      plan: { restart: true, overruled: [], takeOver: null, beginAgain: false },
      goOnByItself: false,
      keepSecrets: false,
    });
    expect(host.created[0]?.device).to.deep.include({ name: device.name, origin: device.origin });
  });

  it('is drawn as one of the page is, and says that the host does it; the page may be closed', async () => {
    const { view, busy, host, started, page } = await begun();
    expect(view()).to.deep.include({ kind: 'running', onHost: 'heard', paused: false });
    expect(busy.at(-1), 'whether the page has to stay').to.equal(false);
    host.says(FIRST, ended());
    expect(await started).to.deep.include({ kind: 'ended' });
    expect(view()).to.deep.include({ kind: 'ended', onHost: true, at: NOW + 5_000 });
    expect(await rows(page)).to.have.length(1);
    expect(page.devices.$devices.get()[0]?.runs, 'what it runs now').to.include({ proven: true, slot: 'ota_1' });
  });

  it('leaves nothing of what the device said of its slots before it, and all of it where the old firmware runs', async () => {
    const { host, device, devices, checks, fits, updates, started } = await begun();
    const hasFile = (): unknown => fits.$fits.get().get(device.id)?.has;
    checks.hear(device, status(64));
    host.says(FIRST, ended());
    await started;
    expect(hasFile(), 'told before the update that another slot runs').to.equal('runs');
    const { running, next } = status(64);
    expect(checks.told(device), 'as large as they were').to.deep.include({ running: next, next: running });
    checks.hear(devices.find(device.id) ?? device, status(64));
    const again = updates.start(device.id);
    await until('the next job', () => host.created.length === 2);
    host.says(host.created[1]?.id ?? '', failed({}));
    await again;
    expect(hasFile(), 'told that another slot runs, and none was written since').to.equal('left');
  });

  it('obeys the buttons', async () => {
    const { host, updates, device, view } = await begun();
    updates.pause(device.id);
    await until('the order', () => host.orders.length === 1);
    await until('the pause', () => view().kind === 'running' && host.jobs.get(FIRST)?.standing.kind === 'paused');
    updates.resume(device.id);
    await until('the next order', () => host.orders.length === 2);
    updates.cancel(device.id);
    await until('the last order', () => host.orders.length === 3);
    expect(host.orders.map(({ kind }) => kind)).to.deep.equal(['pause', 'resume', 'cancel']);
    expect(view()).to.include({ cancelling: true });
  });

  it('shows what another page ordered, and orders nothing itself', async () => {
    const { host, view } = await begun();
    host.change(FIRST, { standing: { kind: 'paused' } });
    await until('the pause', () => {
      const now = view();
      return now.kind === 'running' && now.paused;
    });
    expect(host.orders).to.deep.equal([]);
  });

  it('pauses once its turn has come, where it was paused before', async () => {
    const { host, updates, device } = await ready();
    void updates.start(device.id);
    await until('the job', () => host.created.length === 1);
    host.refusals = [{ kind: 'not-now', standing: 'queued' }];
    updates.pause(device.id);
    await until('the order', () => host.orders.length === 1);
    await until('the refusal', () => host.refusals.length === 0);
    host.says(FIRST, writing);
    await until('the order again', () => host.orders.length === 2);
    expect(host.orders).to.deep.equal([{ kind: 'pause' }, { kind: 'pause' }]);
  });

  it('is made again where the answer was lost: the same one, so that it starts once', async () => {
    const { host, updates, device, view } = await ready();
    host.refusals = [{ kind: 'no-answer' }, { kind: 'no-answer' }];
    void updates.start(device.id);
    await until('three tries', () => host.created.length === 3);
    host.says(FIRST, writing);
    await until('the first state', () => view().kind === 'running');
    expect(new Set(host.created.map(({ id }) => id))).to.have.property('size', 1);
  });

  it('is not asked for again after three tries without an answer, and shown as soon as the host is heard', async () => {
    const { host, updates, device, view, page } = await ready();
    host.refusals = [{ kind: 'no-answer' }, { kind: 'no-answer' }, { kind: 'no-answer' }];
    host.isAway = true;
    expect(await updates.start(device.id)).to.deep.equal({ kind: 'not-begun' });
    expect(said(page)).to.contain('nobody knows whether it is updating Kitchen sensor');
    const [asked] = host.created;
    if (asked === undefined) throw new Error('no job');
    host.add(asked);
    host.isAway = false;
    page.sleeps.at(-1)?.wake();
    await until('it is shown', () => view().kind === 'preparing');
  });

  it('is not begun twice: the one that holds the device is named', async () => {
    const { host, updates, device, view, page } = await ready();
    host.refusals = [{ kind: 'device-busy', by: 'Safari on iPhone', since: NOW }];
    expect(await updates.start(device.id)).to.deep.equal({ kind: 'not-begun' });
    expect(view()).to.deep.equal({ kind: 'rest' });
    expect(said(page)).to.contain('already being updated, for Safari on iPhone');
  });

  it('is followed where another tab of this browser has begun it', async () => {
    const { host, keys } = await begun();
    const second = await ready(givenHost({}, host, keys));
    host.refusals = [{ kind: 'device-busy', by: 'Chrome on Linux', since: NOW }];
    void second.updates.start(second.device.id);
    await until('it is drawn', () => second.view().kind === 'running');
    expect(keys.get(second.device.id)?.id).to.equal(FIRST);
  });

  it('goes on by itself after a restart, for which the host keeps the token, where that was ticked', async () => {
    const page = givenHost();
    page.choice.choose({ goesOnByItself: true });
    const { host } = await begun(page);
    expect(host.created[0]).to.include({ goOnByItself: true, keepSecrets: true });
  });
});
