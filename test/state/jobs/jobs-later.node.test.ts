import { expect } from 'chai';
import { noProgress } from '../../../src/state/update/update-view.ts';
import { ended, failed, form, NOW, writing } from '../given.ts';
import { FIRST, until, begun, reloaded, THEIRS, rows, said } from './handed-over.ts';

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

  it('drops the key of an update that went well', async () => {
    const { host, keys, started } = await begun();
    host.says(FIRST, ended());
    await started;
    await until('it is dropped', () => keys.size === 0);
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

  it('hears that the host no longer knows it', async () => {
    const { host, view, keys, page } = await begun();
    host.forget(FIRST);
    await until('the end', () => view().kind === 'rest');
    expect(said(page)).to.contain('The host no longer has the update of Kitchen sensor');
    await until('the key is gone', () => keys.size === 0);
  });
});
