import { expect } from 'chai';
import type { KeptJob } from '../../../src/model/page/job-calls.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import { noProgress } from '../../../src/state/update/update-view.ts';
import { ended, failed, file, form, NOW, savedDevice, writing } from '../given.ts';
import type { Device } from '../../../src/model/device/device.ts';
import type { SessionReport } from '../../../src/model/device/link.ts';
import { describeQuestion } from '../../../src/words/kit/questions.ts';
import { held, status } from '../update/given-updates.ts';
import { FakeHost, givenHost } from './fake-host.ts';

type Page = ReturnType<typeof givenHost>;

const FIRST = '1'.padStart(32, '0');
const KEY = 'A'.repeat(22);

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 1_000) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function ready(page: Page = givenHost()) {
  const device = await savedDevice(page.devices);
  await page.firmware.choose([file('kitchen.bin')]);
  const view = (): UpdateView => page.updates.$update(device.id).get();
  return { page, device, view, ...page };
}

/** An update that the host has begun, and this page follows. */
async function begun(page?: Page) {
  const all = await ready(page);
  const started = all.updates.start(all.device.id);
  await until('the job', () => all.host.created.length === 1);
  all.host.says(FIRST, writing);
  await until('the first state', () => all.view().kind === 'running');
  return { ...all, started };
}

/** The page again, after a reload: what is kept in the browser, and nothing else. */
async function reloaded({ host, keys }: Pick<Page, 'host' | 'keys'>) {
  const all = await ready(givenHost({}, host, keys));
  await all.jobs?.load();
  return all;
}

async function wanting(page?: Page) {
  const all = await ready(page);
  const wants = (device?: Device): boolean => device !== undefined && all.jobs?.wants(device) === true;
  return { ...all, wants };
}

const BUSY = { kind: 'device-busy', by: 'Chrome on Linux', since: NOW } as const;

const THEIRS: SessionReport = {
  ...{ id: 'theirs', writtenBytes: 4, expectedSize: 8, expectedSha256: null },
  ...{ slot: null, capacityBytes: null, blockSize: null },
};

const rows = async ({ history }: Pick<Page, 'history'>) =>
  (await history.find({ deviceId: null, outcome: null, text: '' }, 10)).rows;

const said = ({ notices }: Pick<Page, 'notices'>): string =>
  notices.$notices
    .get()
    .flatMap((notice) => (notice.kind === 'host-job' ? [notice.text] : []))
    .join(' ');

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

  it('is asked for no further where no answer comes, and shown as soon as the host is heard', async () => {
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

  it('runs in the page where the host finds nobody at the device’s address', async () => {
    const { host, updates, device, view, keys, devices, wants } = await wanting();
    const started = updates.start(device.id);
    await until('the job', () => host.created.length === 1);
    host.says(FIRST, failed({ code: 'unreachable', during: 'detecting' }));
    expect(await started).to.deep.include({ kind: 'ended' });
    expect(view()).to.deep.include({ kind: 'ended' }).and.not.have.property('onHost');
    await until('it is forgotten', () => keys.size === 0 && host.orders.some(({ kind }) => kind === 'forget'));
    expect(wants(devices.find(device.id)), 'the next one is for the host').to.equal(false);
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

  it('goes on by itself after a restart, for which the host keeps the token, where that was ticked', async () => {
    const page = givenHost();
    page.choice.choose({ goesOnByItself: true });
    const { host } = await begun(page);
    expect(host.created[0]).to.include({ goOnByItself: true, keepSecrets: true });
  });
});

describe('A page that comes back to an update on the host', () => {
  it('sees where it stands, and how it ends', async () => {
    const before = await begun();
    const { host, view, page } = await reloaded(before);
    await until('it is drawn', () => view().kind === 'running');
    host.says(FIRST, ended());
    await until('the end', () => view().kind === 'ended');
    expect(await rows(page)).to.have.length(1);
  });

  it('tells an end that it missed once, and puts it into the history once', async () => {
    const before = await begun();
    // What the host tells comes to the last page that follows: the one before it is gone.
    const first = await reloaded(before);
    first.host.says(FIRST, failed({ resumable: true, progress: { ...noProgress(8), acknowledged: 4 } }));
    await until('the end', () => first.view().kind === 'ended');
    await until('it is noted', () => first.keys.get(first.device.id)?.toldAt === NOW + 5_000);
    expect(await rows(first.page)).to.have.length(1);
    const second = await reloaded(before);
    await until('the offer', () => second.view().kind === 'offer');
    expect(await rows(second.page)).to.have.length(0);
    expect(second.view()).to.deep.include({ onHost: 'ready' });
  });

  it('has no use for the key of what went well', async () => {
    const { host, keys, started } = await begun();
    host.says(FIRST, ended());
    await started;
    await until('it is let go of', () => keys.size === 0);
  });

  it('offers to go on after the host was started again, and never does it by itself', async () => {
    const { host, view, updates, device } = await begun();
    host.change(FIRST, { standing: { kind: 'offers-to-go-on' } });
    await until('the offer', () => view().kind === 'offer');
    expect(view()).to.deep.include({ onHost: 'ready' });
    expect(host.orders).to.deep.equal([]);
    await updates.resumeOffer(device.id);
    expect(host.orders).to.deep.equal([
      { kind: 'go-on', secrets: { token: 'secret', login: null }, beginAgain: false },
    ]);
    host.says(FIRST, writing);
    await until('it runs', () => view().kind === 'running');
  });

  it('sends the token that the host has no longer, or says that it has none', async () => {
    const { host, view, updates, device, devices, page } = await begun();
    host.change(FIRST, { standing: { kind: 'waiting-for-token' } });
    await until('the offer', () => view().kind === 'offer');
    expect(view()).to.deep.include({ onHost: 'needs-token' });
    await devices.save(form({ token: '' }), device.id);
    await updates.resumeOffer(device.id);
    expect(host.orders).to.deep.equal([]);
    expect(said(page)).to.contain('needs the token of Kitchen sensor, which is not kept here');
    await devices.save(form(), device.id);
    await updates.resumeOffer(device.id);
    expect(host.orders.map(({ kind }) => kind)).to.deep.equal(['go-on']);
  });

  it('can have it forgotten', async () => {
    const { host, view, updates, device, keys } = await begun();
    host.change(FIRST, { standing: { kind: 'offers-to-go-on' } });
    await until('the offer', () => view().kind === 'offer');
    await updates.dropOffer(device.id);
    expect(view()).to.deep.equal({ kind: 'rest' });
    expect(host.jobs.size).to.equal(0);
    expect(keys.size).to.equal(0);
  });

  it('takes over without the file, which the host has', async () => {
    const { host, view, updates, device, questions, started } = await begun();
    host.says(FIRST, failed({ code: 'other-session', otherSession: THEIRS }));
    await started;
    const taking = updates.takeOver(device.id);
    await until('the question', () => questions.$question.get() !== null);
    questions.answer(true);
    await taking;
    expect(host.orders.at(-1)).to.deep.include({ kind: 'take-over', session: 'theirs' });
    expect(host.created).to.have.length(1);
    await until('it is drawn', () => view().kind === 'preparing');
  });

  it('is made anew once where two presses follow a failure of which the host knows nothing more', async () => {
    const { host, updates, device, started, firmware } = await begun();
    host.says(FIRST, failed({ code: 'other-session', otherSession: THEIRS }));
    await started;
    host.refusals = [{ kind: 'no-such-firmware' }, { kind: 'no-such-firmware' }];
    const sha256 = firmware.firmware?.sha256 ?? '';
    const presses = [updates.start(device.id, { sha256 }), updates.start(device.id, { sha256 })];
    await until('both presses', () => host.orders.length === 2 && host.created.length > 1);
    await new Promise((resolve) => setTimeout(resolve));
    expect(host.created).to.have.length(2);
    host.says(host.created.at(-1)?.id ?? '', ended());
    expect((await Promise.all(presses)).map(({ kind }) => kind).sort()).to.deep.equal(['ended', 'not-begun']);
  });

  it('hears that the host knows it no more', async () => {
    const { host, view, keys, page } = await begun();
    host.forget(FIRST);
    await until('the end', () => view().kind === 'rest');
    expect(said(page)).to.contain('The host no longer has the update of Kitchen sensor');
    await until('the key is gone', () => keys.size === 0);
  });
});

describe('A link to an update on the host', () => {
  const LINK = `${FIRST}.${KEY}`;

  /** Another browser opens the link, and the person answers what it asks. */
  async function opened(other: Page, yes: boolean): Promise<string> {
    const arrived = other.jobs?.arrive(LINK);
    await until('the question', () => other.questions.$question.get() !== null);
    const question = other.questions.$question.get();
    if (question === null) throw new Error('nothing was asked');
    expect(other.keys.size, 'keys before the answer').to.equal(0);
    other.questions.answer(yes);
    await arrived;
    const { title, text } = describeQuestion(question);
    return `${title} ${text}`;
  }

  it('brings the update to another browser, and the device with it, once the person agrees', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    expect(await opened(other, true))
      .to.contain('Follow the update of Kitchen sensor?')
      .and.contain('192.168.1.50')
      .and.contain('is saved in this browser')
      .and.contain('Whoever has the link can follow, pause and cancel');
    const [device] = other.devices.$devices.get();
    expect(device).to.deep.include({ name: 'Kitchen sensor', origin: 'http://192.168.1.50:8080' });
    await until('it is drawn', () => other.updates.$update(device?.id ?? '').get().kind === 'running');
    expect(other.keys.get(device?.id ?? '')?.id).to.equal(FIRST);
  });

  it('saves nothing, and follows nothing, where the person does not agree', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    const { length } = host.streams;
    await opened(other, false);
    expect(other.devices.$devices.get()).to.deep.equal([]);
    expect(other.keys.size).to.equal(0);
    expect(host.streams).to.have.length(length);
    expect(said(other)).to.equal('');
  });

  it('asks with the name that a device has here, and does not speak of saving it', async () => {
    const { host } = await begun();
    const other = givenHost({}, host, new Map<string, KeptJob>());
    const { devices } = other;
    await devices.save(form({ name: 'Hall lamp', token: null }), (await savedDevice(devices)).id);
    expect(await opened(other, true))
      .to.contain('Follow the update of Hall lamp?')
      .and.not.contain('saved');
    expect(devices.$devices.get()).to.have.length(1);
  });

  it('asks nothing where the update is followed already', async () => {
    const { host, jobs, questions, page } = await begun();
    await jobs?.arrive(LINK);
    expect(questions.$question.get()).to.equal(null);
    expect(said(page)).to.contain('This page follows the update of Kitchen sensor');
    expect(host.created).to.have.length(1);
  });

  it('opens nothing with another key, nor with what is no key at all', async () => {
    const { host } = await begun();
    for (const link of [`${FIRST}.${'B'.repeat(22)}`, '../gateway.AAAAAAAAAAAAAAAAAAAAAA', '']) {
      const other = givenHost({}, host, new Map<string, KeptJob>());
      await other.jobs?.arrive(link);
      expect(other.devices.$devices.get()).to.deep.equal([]);
      expect(said(other)).to.contain('The host has no such update');
    }
  });
});
