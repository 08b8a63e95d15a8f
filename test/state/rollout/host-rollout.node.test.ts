import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { KeptJob } from '../../../src/model/page/job-calls.ts';
import { keyInHash, memberKeyText } from '../../../src/model/jobs/member-key.ts';
import type { RolloutOptions } from '../../../src/model/rollout/rollout-record.ts';
import { HostRollouts } from '../../../src/state/rollout/host-rollout.ts';
import { RolloutsState } from '../../../src/state/rollout/rollouts.ts';
import { MemoryRollouts } from '../../../src/storage/memory.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { describeQuestion } from '../../../src/words/kit/questions.ts';
import { deadLink, ended, failed, file, inspection, NOW, savedDevice, writing } from '../given.ts';
import { givenHost } from '../jobs/fake-host.ts';
import { FakeRollouts } from './fake-rollouts.ts';

const OPTIONS: RolloutOptions = { firstWave: 1, width: 8, stopAt: { failures: 3, share: null } };
const KEY = 'A'.repeat(22);
const FIRST = '1'.padStart(32, '0');

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 1_000) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A page whose host runs rollouts, with devices called "Sensor 0" and so on, and a file on the screen. */
async function given(
  count: number,
  host = new FakeRollouts(),
  keys = new Map<string, KeptJob>(),
  of: { readonly isForeign?: boolean; readonly opened?: () => Promise<boolean> } = {},
) {
  const page = givenHost(
    {
      ...(of.isForeign && { inspect: async () => inspection({ warnings: [{ reason: 'no-micropython' }] }) }),
      ...(of.opened && { opened: of.opened }),
    },
    host,
    keys,
  );
  const devices = [];
  for (let at = 0; at < count; at += 1) {
    devices.push(await savedDevice(page.devices, { name: `Sensor ${at}`, address: `192.168.1.${at}` }));
  }
  if (of.opened) {
    page.vault.keeping = async (id, place) => ((await page.vault.get(id, place)) === null ? null : 'encrypted');
    await page.devices.loadKeeping();
  }
  await page.firmware.choose([file('kitchen.bin')]);
  const { jobs } = page;
  if (jobs === undefined) throw new Error('no jobs');
  let ids = 0;
  let refs = 0;
  const rollouts = new RolloutsState({
    ...page,
    linkTo: () => async () => deadLink,
    store: new MemoryRollouts(),
    describe: inWords,
    lock: { acquire: async () => () => undefined },
    clock: { now: () => 0, date: () => NOW },
    trouble: (error) => {
      throw error;
    },
    host: {
      ...{ jobs, keys: page.kept },
      make: async (view) =>
        new HostRollouts(
          {
            ...{ jobs, keys: page.kept, notices: page.notices, devices: page.devices, firmware: page.firmware },
            ...{ questions: page.questions, clock: { date: () => NOW } },
            newId: () => `${(ids += 1)}`.padStart(32, 'b'),
            newRef: () => ({ id: `${(refs += 1)}`.padStart(32, '0'), key: KEY }),
          },
          view,
        ),
    },
  });
  const view = () => rollouts.$rollout.get();
  const lines = (): readonly string[] => {
    const now = view();
    if (now.kind !== 'running' && now.kind !== 'ended') throw new Error(`there is no rollout, but ${now.kind}`);
    return [...now.state.lines.values()].map((line) => (line.kind === 'ended' ? line.outcome : line.kind));
  };
  const said = (): string =>
    page.notices.$notices
      .get()
      .flatMap((notice) => (notice.kind === 'host-job' ? [notice.text] : []))
      .join(' ');
  return { ...page, host, keys, page, rollouts, view, lines, said, saved: devices, ids: devices.map(({ id }) => id) };
}

/** A rollout that the host has begun and this page follows. */
async function begun(count: number) {
  const all = await given(count);
  expect(await all.rollouts.start(all.ids, OPTIONS)).to.equal(null);
  await until('the stream', () => all.host.streams.length > 0);
  return all;
}

/** What was said while the page ran it. */
function whileItRuns({ rollouts, said }: Awaited<ReturnType<typeof given>>): { readonly said: string } {
  const heard = { said: '' };
  rollouts.$rollout.listen(({ kind }) => {
    if (kind === 'running') heard.said = said();
  });
  return heard;
}

const rows = async ({ history }: Pick<Awaited<ReturnType<typeof given>>, 'history'>) =>
  (await history.find({ deviceId: null, outcome: null, text: '' }, 100)).rows;

describe('A rollout on the host', () => {
  it('is handed over once, with its file, its policy and the devices’ tokens', async () => {
    const { host, firmware, ids, view, lines, keys, busy } = await begun(3);
    expect([...host.files.keys()]).to.deep.equal([firmware.firmware?.sha256]);
    const [made] = host.made;
    expect(made).to.deep.include({
      ...{ id: FIRST, key: KEY, options: OPTIONS, restart: true },
      ...{ withoutMicroPython: true, unattended: false, goOnByItself: false, keepSecrets: false },
    });
    expect(made?.devices.map(({ device, secrets }) => [device.name, secrets?.token])).to.deep.equal([
      ['Sensor 0', 'secret'],
      ['Sensor 1', 'secret'],
      ['Sensor 2', 'secret'],
    ]);
    expect(view()).to.deep.include({ kind: 'running', onHost: 'heard', paused: false, finishing: false });
    expect(lines()).to.deep.equal(ids.map(() => 'waiting'));
    expect(keys.get('rollout')).to.deep.equal({ id: FIRST, key: KEY, toldAt: null });
    expect(busy.at(-1), 'whether the page has to stay').not.to.equal(true);
  });

  it('says how much of its file is on its way to the host, until the host has it', async () => {
    const { host, rollouts, ids, firmware } = await given(2);
    const size = firmware.firmware?.bytes.length ?? 0;
    const seen: (number | null)[] = [];
    rollouts.$handedOver.listen((percent) => seen.push(percent));
    host.sends = [0, size / 2, size];
    await rollouts.start(ids, OPTIONS);
    expect(seen).to.deep.equal([0, 50, 100, null]);
  });

  it('goes without the tokens that stay locked, for which it asks once', async () => {
    let asked = 0;
    const opened = async (): Promise<boolean> => {
      asked += 1;
      return false;
    };
    const { rollouts, ids, host } = await given(3, new FakeRollouts(), new Map(), { opened });
    await rollouts.start(ids, OPTIONS);
    expect(host.made[0]?.devices.map(({ secrets }) => secrets)).to.deep.equal([null, null, null]);
    expect(asked).to.equal(1);
  });

  it('draws each update on its device’s card, and writes its end into the history', async () => {
    const all = await begun(2);
    const { host, updates, ids, lines } = all;
    const job = host.begins(FIRST, 0);
    host.says(job, writing);
    const [first = ''] = ids;
    await until('the card', () => updates.$update(first).get().kind === 'running');
    expect(updates.$update(first).get()).to.include({ onHost: 'heard' });
    expect(lines()).to.deep.equal(['running', 'waiting']);
    // Its card pauses this one alone, with the key made of the rollout's.
    updates.pause(first);
    await until('the order', () => host.orders.length === 1);
    const key = keyInHash(createHash('sha256').update(memberKeyText(KEY, job)).digest('hex'));
    expect(await all.jobs?.ref(first)).to.include({ id: job, key });

    host.says(job, ended());
    host.line(FIRST, 0, { kind: 'ended', outcome: 'updated', whole: ended() });
    await until('the end', () => updates.$update(first).get().kind === 'ended');
    expect(lines()).to.deep.equal(['updated', 'waiting']);
    await until('the line', () => all.keys.get('rollout')?.toldAt === NOW + 5_000);
    expect(await rows(all)).to.have.length(1);
  });

  it('is told what is pressed, and shows what another page did', async () => {
    const { host, rollouts, view } = await begun(2);
    rollouts.pause();
    await until('the pause', () => {
      const now = view();
      return now.kind === 'running' && now.paused;
    });
    host.becomes(FIRST, { standing: 'running' });
    await until('the other page’s word', () => {
      const now = view();
      return now.kind === 'running' && !now.paused;
    });
    rollouts.finish();
    rollouts.cancelAll();
    rollouts.answer('stop');
    await until('the orders', () => host.told.length === 4);
    expect(host.told).to.deep.equal([
      { kind: 'pause' },
      { kind: 'finish' },
      { kind: 'cancel' },
      { kind: 'answer', answer: 'stop' },
    ]);
    expect(view()).to.include({ finishing: true });
  });

  it('says why the host does not do what was pressed', async () => {
    const { host, rollouts, said } = await begun(2);
    host.refusals = [{ kind: 'rollout-not-now', standing: 'ended' }];
    rollouts.resume();
    await until('the reason', () => said() !== '');
    expect(said()).to.equal('The rollout has ended. So the host cannot do this now.');
  });

  it('stands on the screen again after a reload, and tells nothing twice', async () => {
    const before = await begun(3);
    const job = before.host.begins(FIRST, 0);
    before.host.says(job, ended());
    before.host.line(FIRST, 0, { kind: 'ended', outcome: 'updated', whole: ended() });
    await until('the end', () => before.keys.get('rollout')?.toldAt !== null);
    const second = before.host.begins(FIRST, 1);
    const page = await given(3, before.host, before.keys);
    expect(await page.rollouts.load(), 'an offer').to.equal(false);
    expect(page.view()).to.include({ kind: 'running', onHost: 'heard' });
    const [, other = ''] = page.ids;
    before.host.says(second, writing);
    await until('the card', () => page.updates.$update(other).get().kind === 'running');
    expect(page.lines()).to.deep.equal(['updated', 'running', 'waiting']);
    before.host.says(second, ended());
    await until('its end', () => page.updates.$update(other).get().kind === 'ended');
    // The one from before the reload is in the history by then.
    expect(page.updates.$ended.get().map(({ device }) => device.name)).to.deep.equal(['Sensor 1']);
  });

  it('is followed by another phone with its link, which then knows the devices', async () => {
    const { host } = await begun(3);
    const phone = await given(1, host, new Map());
    const arriving = phone.rollouts.arrive(`${FIRST}.${KEY}`);
    const { $question } = phone.questions;
    await until('the question', () => $question.get() !== null);
    expect($question.get()).to.deep.equal({ kind: 'follow-rollout', firmware: 'kitchen.bin', devices: 3, fresh: 2 });
    phone.questions.answer(true);
    await arriving;
    expect(phone.devices.$devices.get().map(({ name }) => name)).to.have.members(['Sensor 0', 'Sensor 1', 'Sensor 2']);
    expect(phone.lines()).to.deep.equal(['waiting', 'waiting', 'waiting']);
    expect(phone.rollouts.ref).to.include({ id: FIRST, key: KEY });
    expect(phone.said()).to.contain('3 devices');
    phone.rollouts.pause();
    await until('the order', () => host.told.length === 1);
    const stranger = await given(1, host, new Map());
    await stranger.rollouts.arrive(`${FIRST}.${'B'.repeat(21)}A`);
    expect(stranger.view().kind).to.equal('none');
    expect(stranger.said()).to.contain('has no such rollout');
  });

  it('is not followed by a person who says no to its link, and nothing is saved', async () => {
    const { host } = await begun(3);
    const phone = await given(1, host, new Map());
    const arriving = phone.rollouts.arrive(`${FIRST}.${KEY}`);
    await until('the question', () => phone.questions.$question.get() !== null);
    phone.questions.answer(false);
    await arriving;
    expect(phone.devices.$devices.get()).to.have.length(1);
    expect(phone.view().kind).to.equal('none');
  });

  it('waits after a restart of the host, and is brought the tokens', async () => {
    const { host, rollouts, view, said } = await begun(2);
    host.line(FIRST, 0, { kind: 'ended', outcome: 'updated', whole: null }, { standing: 'waiting-for-token' });
    await until('the offer', () => view().kind === 'offer');
    expect(view()).to.include({ onHost: 'needs-token' });
    expect(view()).to.deep.nested.include({ 'record.firmwareName': 'kitchen.bin' });
    host.refusals = [{ kind: 'rollout-not-now', standing: 'waiting-for-token' }];
    expect(await rollouts.goOn()).to.equal(null);
    expect(said()).to.contain('needs the devices’ tokens');
    expect(await rollouts.goOn()).to.equal(null);
    const order = host.told.at(-1);
    expect(order).to.deep.include({ kind: 'go-on' });
    expect(order?.kind === 'go-on' && order.secrets.map(({ secrets }) => secrets.token)).to.deep.equal([
      'secret',
      'secret',
    ]);
    expect(view()).to.include({ kind: 'running' });
  });

  it('tries what failed again, with the file handed over where the host has dropped it', async () => {
    const { host, rollouts, view, lines } = await begun(2);
    host.line(FIRST, 0, { kind: 'ended', outcome: 'failed', whole: failed({ code: 'bad-request' }) });
    host.line(FIRST, 1, { kind: 'ended', outcome: 'updated', whole: ended() }, { standing: 'ended', phase: 'ended' });
    await until('the end', () => view().kind === 'ended');
    host.files.clear();
    host.refusals = [{ kind: 'no-such-firmware' }];
    expect(await rollouts.retry('failed')).to.equal(null);
    expect(host.files.size).to.equal(1);
    expect(host.told.map((order) => order.kind)).to.deep.equal(['again', 'again']);
    const [member] = host.rollouts.get(FIRST)?.devices ?? [];
    if (member === undefined) throw new Error('no device');
    host.becomes(FIRST, { standing: 'running', devices: [member], lines: [[member.job, { kind: 'waiting' }]] });
    await until('the next run', () => view().kind === 'running');
    expect(lines()).to.deep.equal(['waiting']);
  });

  it('is put away with its key once it has ended, or has been forgotten', async () => {
    const { host, rollouts, view, keys, said } = await begun(1);
    host.line(FIRST, 0, { kind: 'ended', outcome: 'updated', whole: ended() }, { standing: 'ended', phase: 'ended' });
    await until('the end', () => view().kind === 'ended');
    rollouts.dismiss();
    await until('the key to go', () => !keys.has('rollout'));
    expect([view().kind, host.rollouts.size, said()]).to.deep.equal(['none', 1, '']);
  });

  it('asks whether to send what may be the only update over the air, and tells the host', async () => {
    const { host, questions } = await begun(2);
    const [member] = host.rollouts.get(FIRST)?.devices ?? [];
    host.becomes(FIRST, { asks: [member?.job ?? ''] });
    await until('the question', () => questions.$question.get() !== null);
    const question = questions.$question.get();
    if (question === null) throw new Error('no question');
    expect(JSON.stringify(describeQuestion(question)))
      .to.contain('Sensor 0')
      .and.not.to.contain('Sensor 1');
    questions.answer(true);
    await until('the answer', () => host.told.length === 1);
    expect(host.told).to.deep.equal([{ kind: 'agree', yes: true }]);
  });

  it('of a file without MicroPython is asked about before anything is handed over', async () => {
    const { rollouts, ids, host, questions } = await given(1, new FakeRollouts(), new Map(), { isForeign: true });
    const started = rollouts.start(ids, OPTIONS);
    await until('the question', () => questions.$question.get() !== null);
    expect(host.files.size).to.equal(0);
    expect(await rollouts.start(ids, OPTIONS), 'a second press').to.equal('under-way');
    questions.answer(false);
    expect(await started).to.equal(null);
    expect(host.made).to.deep.equal([]);
  });

  it('stays in the page where the host says no, or does not reach one of the devices, and says so', async () => {
    const refused = await given(1);
    const meanwhile = whileItRuns(refused);
    refused.host.refusals = [{ kind: 'too-many-rollouts', most: 8 }];
    expect(await refused.rollouts.start(refused.ids, OPTIONS)).to.equal(null);
    expect(meanwhile.said).to.contain('keep it open').and.to.contain('8 rollouts');
    expect(refused.said(), 'once it has ended').to.equal('');
    expect(refused.keys.has('rollout')).to.equal(false);
    expect(refused.view()).not.to.have.property('onHost');

    const apart = await given(2);
    await apart.devices.learn(apart.ids[1] ?? '', { gatewayFailedAt: NOW });
    const apartMeanwhile = whileItRuns(apart);
    await apart.rollouts.start(apart.ids, OPTIONS);
    expect(apart.host.made).to.deep.equal([]);
    expect(apartMeanwhile.said).to.contain('Sensor 1');

    const chosen = await given(1);
    chosen.choice.choose({ where: 'page' });
    await chosen.rollouts.start(chosen.ids, OPTIONS);
    expect([chosen.host.made.length, chosen.said()]).to.deep.equal([0, '']);
  });

  it('is made again, as the same one, where the answer was lost', async () => {
    const { rollouts, ids, host, said, view } = await given(1);
    host.refusals = [{ kind: 'no-answer' }, { kind: 'no-answer' }];
    await rollouts.start(ids, OPTIONS);
    expect(new Set(host.made.map(({ id }) => id)).size, 'it is the same each time').to.equal(1);
    expect([host.made.length, view().kind, said()]).to.deep.equal([3, 'running', '']);
  });
});
