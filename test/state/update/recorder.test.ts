import { expect } from 'chai';
import type { RequestRecord } from '../../../src/model/device/request-record.ts';
import { MAX_REQUESTS } from '../../../src/state/update/run-record.ts';
import type { RunUpdate } from '../../../src/state/tools.ts';
import { noProgress } from '../../../src/state/update/update-view.ts';
import type { HistoryEntry } from '../../../src/model/update/history-entry.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import { endingInWords } from '../../../src/words/history/history.ts';
import { sentFirmware } from '../../../src/state/update/sent-firmware.ts';
import { ended, failed, file, givenState, NOW, savedDevice, writing, type Given, inspection } from '../given.ts';

async function kept(given: Given = {}): Promise<{ entry: HistoryEntry; state: ReturnType<typeof givenState> }> {
  const state = givenState(given);
  const device = await savedDevice(state.devices);
  await state.firmware.choose([file('kitchen.bin')]);
  await state.updates.start(device.id);
  const found = await state.history.find({ deviceId: device.id, outcome: null, text: '' }, 10);
  expect(found.rows).to.have.length(1);
  const entry = await state.history.entry(found.rows[0]?.id ?? '');
  if (entry === null) throw new Error('nothing was kept');
  return { entry, state };
}

const runOf = (...states: readonly UpdateState[]): RunUpdate =>
  async function* () {
    yield* states;
  };

const at = (acknowledged: number, total: number): UpdateState => ({
  phase: 'writing',
  startedOver: null,
  dialect: 'shipped',
  progress: { ...noProgress(total), acknowledged },
});

const request: RequestRecord = {
  kind: 'write',
  method: 'POST',
  path: '/ota/chunk?offset=0',
  bytes: 4096,
  startedAt: 0,
  durationMs: 20,
  status: 200,
  code: null,
};

describe('An update that ended', () => {
  it('is kept with the device, the firmware, the outcome and how it was reached', async () => {
    const { entry } = await kept();
    expect(entry).to.include({
      deviceName: 'Kitchen sensor',
      version: '1.4.2',
      project: 'kitchen',
      outcome: 'updated',
      code: null,
      startedAt: NOW,
      durationMs: 1000,
      dialect: 'shipped',
    });
    expect(entry.ending).to.deep.equal({
      kind: 'facts',
      facts: { outcome: 'updated', slot: 'ota_1', markedValid: true },
    });
    expect(endingInWords(entry)).to.contain('1.4.2');
  });

  it('is kept without the name of Arduino’s core, which says nothing of the firmware', async () => {
    const { entry } = await kept({ inspect: async () => inspection({ project: 'arduino-lib-builder' }) });
    expect(entry).to.include({ project: null, version: null });
  });

  it('is kept with why it failed', async () => {
    const { entry } = await kept({ run: runOf(failed({ code: 'unauthorised', status: 401 })) });
    expect(entry).to.include({ outcome: 'failed', code: 'unauthorised', bytes: 0 });
  });

  it('is kept although another tab has the device, and nothing was sent', async () => {
    const { entry } = await kept({ lock: { acquire: async () => null } });
    expect(entry).to.include({ outcome: 'failed', code: 'held-elsewhere' });
  });

  it('keeps a bounded line of how far it was when, with its first and its last point', async () => {
    const total = 100_000;
    const states = Array.from({ length: 20_000 }, (_, index) => at(index * 5, total));
    const { entry } = await kept({
      run: runOf(...states, ended({ progress: { ...noProgress(total), acknowledged: total } })),
    });
    expect(entry.samples.length).to.be.within(100, 480);
    expect(entry.samples.at(0)?.[1]).to.equal(0);
    expect(entry.samples.at(-1)?.[1]).to.equal(total);
    const times = entry.samples.map(([elapsed]) => elapsed);
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
  });

  it('keeps its last requests in order, and says how many came before', async () => {
    const state = givenState();
    const device = await savedDevice(state.devices);
    await state.firmware.choose([file('kitchen.bin')]);
    const { firmware } = state.firmware;
    if (firmware === null) throw new Error('no firmware');
    const run = state.recorder.begin(device, sentFirmware(firmware));
    const sent = MAX_REQUESTS * 2;
    for (let index = 0; index < sent; index += 1)
      state.recorder.seeRequest(device.id, { ...request, startedAt: index });
    expect(run.requests.length).to.be.within(MAX_REQUESTS, MAX_REQUESTS * 1.25);
    expect(run.forgotten + run.requests.length).to.equal(sent);
    expect(run.requests.at(-1)?.startedAt).to.equal(sent - 1);
  });

  it('takes no requests of a check that comes after it', async () => {
    const { state, entry } = await kept();
    state.recorder.seeRequest(entry.deviceId, request);
    expect(state.recorder.lastOf(entry.deviceId)?.requests).to.be.empty;
    expect(state.recorder.find(entry.id)).to.equal(state.recorder.lastOf(entry.deviceId));
  });
});

describe('A history that the browser refuses', () => {
  const refuse = (): Promise<never> => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  const broken = { add: refuse, page: refuse, all: refuse, entry: refuse, clear: refuse, remove: refuse };

  it('is reported, and changes nothing about how the update ends', async () => {
    const state = givenState({ history: broken, run: runOf(writing, ended()) });
    const device = await savedDevice(state.devices);
    await state.firmware.choose([file('kitchen.bin')]);
    await state.updates.start(device.id);
    expect(state.updates.$update(device.id).get().kind).to.equal('ended');
    expect(state.notices.$notices.get()).to.deep.include({
      kind: 'history-trouble',
      what: 'keep',
      why: 'QuotaExceededError',
    });
  });

  it('reads as empty, and says so', async () => {
    const { history, notices } = givenState({ history: broken });
    for (const text of ['', 'kitchen']) {
      notices.dismiss('history-trouble');
      expect(await history.find({ deviceId: null, outcome: null, text }, 5)).to.deep.equal({ rows: [], more: false });
      expect(notices.$notices.get()).to.deep.include({
        kind: 'history-trouble',
        what: 'read',
        why: 'QuotaExceededError',
      });
    }
  });
});
