import { expect } from 'chai';
import { atom } from 'nanostores';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import type { SlotMap } from '../../../src/ui/device/card/slot-map.ts';
import { UpdateProgress } from '../../../src/ui/device/card/update-progress.ts';
import type { ActiveState } from '../../../src/model/update/update-state.ts';
import type { Outcome, Progress } from '../../../src/model/update/update-state.ts';
import { ended, failed, writing } from '../../state/given.ts';
import { aDevice } from '../../storage/samples.ts';
import { until } from '../finding.ts';

const TOTAL = 100 * 1024;

describe('The numbers of an update', () => {
  const shown = new UpdateProgress();

  afterEach(() => shown.remove());

  /** What is said of an update in this phase, with so many bytes acknowledged, and 2 s at 10 KB/s to go. */
  async function said(phase: ActiveState['phase'], acknowledged: number, sessionRestarts = 0): Promise<string> {
    const pace = { bytesPerSecond: 10_240, secondsLeft: 2 };
    const progress = { ...writing.progress, total: TOTAL, acknowledged, sessionRestarts, ...pace };
    const state = { ...writing, phase, progress } as ActiveState;
    const words = { title: '', detail: '' };
    const firmware = { sha256: '', name: '', version: null };
    const view = atom<UpdateView>({ kind: 'running', firmware, state, words, paused: false, cancelling: false });
    shown.app = { updates: { $update: () => view } };
    shown.device = aDevice();
    document.body.append(shown);
    const list = await until('the numbers', () => shown.shadowRoot?.querySelector('dl'));
    await shown.updateComplete;
    return list.textContent.replaceAll(/\s+/g, ' ').trim();
  }

  it('tell speed and time left while bytes are written', async () => {
    expect(await said('writing', TOTAL / 2))
      .to.contain('10 KB/s')
      .and.to.contain('2 s left');
  });

  it('tell how often the upload was started over', async () => {
    expect(await said('writing', TOTAL / 2)).not.to.contain('started over');
    expect(await said('writing', TOTAL / 2, 1)).to.contain('started over 1 time ');
    expect(await said('finalizing', TOTAL, 2)).to.contain('started over 2 times');
  });

  for (const phase of ['finalizing', 'restarting'] as const) {
    it(`tell neither once the device has every byte: ${phase}`, async () => {
      expect(await said(phase, TOTAL)).to.equal('Written 99 % 100 KB of 100 KB');
    });
  }
});

describe('What is said while an update runs', () => {
  const view = atom<UpdateView>({ kind: 'rest' });
  const firmware = { sha256: '', name: '', version: null };
  let shown: UpdateProgress;

  beforeEach(() => {
    view.set({ kind: 'rest' });
    shown = new UpdateProgress();
    shown.app = { updates: { $update: () => view } };
    shown.device = aDevice();
    document.body.append(shown);
  });
  afterEach(() => shown.remove());

  async function runs(state: Partial<ActiveState>, progress: Partial<Progress> = {}): Promise<void> {
    const told = { ...writing, ...state, progress: { ...writing.progress, total: TOTAL, ...progress } } as ActiveState;
    view.set({
      kind: 'running',
      firmware,
      state: told,
      words: { title: '', detail: '' },
      paused: false,
      cancelling: false,
    });
    await shown.updateComplete;
  }

  async function ends(state: Outcome): Promise<void> {
    view.set({ kind: 'ended', firmware, state, words: { title: '', detail: '' }, at: 0 });
    await shown.updateComplete;
  }

  const said = (): string | undefined => shown.shadowRoot?.querySelector('p')?.textContent.trim();
  const sheds = (): boolean | undefined => shown.shadowRoot?.querySelector<SlotMap>('slot-map')?.sheds;

  it('is that the page is needed', async () => {
    await runs({}, { acknowledged: 51_200 });
    expect(said()).to.equal('Keep this page open.');
    await ends(ended());
    expect(said()).to.equal(undefined);
  });

  it('is, in a loss, which try comes when, and what is safe', async () => {
    await runs({ phase: 'retrying', after: 'unreachable', attempt: 3, delayMs: 8_000 }, { acknowledged: 51_200 });
    expect(said()).to.equal('Try 4 in 8 s. 50 KB are safe on the device unless it restarts.');
    await until('the next second', () => said()?.startsWith('Try 4 in 7 s.'));
    await runs({ phase: 'checking' }, { acknowledged: 51_200 });
    await runs({}, { acknowledged: 55_296 });
    expect(said()).to.equal('Keep this page open.');
  });

  it('is that a try is under way, until more is acknowledged', async () => {
    await runs({ phase: 'retrying', after: 'unreachable', attempt: 1, delayMs: 0 }, { acknowledged: 51_200 });
    await runs({}, { acknowledged: 51_200 });
    expect(said()).to.equal('Try 2 now. 50 KB are safe on the device unless it restarts.');
  });

  it('calls nothing safe that the device has not counted', async () => {
    const retrying = { phase: 'retrying', after: 'unreachable', attempt: 1, delayMs: 0 } as const;
    await runs({ ...retrying, dialect: 'documented' }, { acknowledged: 51_200 });
    expect(said()).to.equal('Try 2 now.');
    await runs(retrying, { acknowledged: 0 });
    expect(said()).to.equal('Try 2 now.');
    await runs(retrying, { acknowledged: TOTAL });
    expect(said()).to.equal('Try 2 now.');
  });

  it('is no live region: a screen reader is not told of each second', async () => {
    await runs({ phase: 'retrying', after: 'unreachable', attempt: 3, delayMs: 8_000 }, { acknowledged: 51_200 });
    expect(shown.shadowRoot?.querySelector('[aria-live], [role=status], [role=timer], [role=alert]')).to.equal(null);
    expect(shown.closest('[aria-live], [role=status]')).to.equal(null);
  });

  it('keeps its line, whatever stands in it', async () => {
    await runs({}, { acknowledged: 51_200 });
    const height = shown.offsetHeight;
    await runs({ phase: 'waiting', why: 'paused' }, { acknowledged: 0 });
    expect(said()).to.equal('');
    expect(shown.offsetHeight).to.equal(height);
  });

  it('tells how long it took, and nothing of a moment in which only its end was looked for', async () => {
    const numbers = (): string => shown.shadowRoot?.querySelector('dl')?.textContent ?? '';
    await ends(ended({ durationMs: 7_000 }));
    expect(numbers()).to.contain('took 7 s');
    await ends(ended({ durationMs: 300 }));
    expect(numbers()).not.to.contain('took');
  });

  it('sheds the old skin once, when the image is seen to run', async () => {
    await runs({}, { acknowledged: TOTAL });
    expect(sheds()).to.equal(false);
    await ends(ended());
    expect(sheds()).to.equal(true);
    const map = await until('the map', () => shown.shadowRoot?.querySelector('slot-map'));
    const skin = await until('the skin', () => map.shadowRoot?.querySelector('.shed'));
    await Promise.all(skin.getAnimations().map(({ finished }) => finished));
    expect(skin.getAnimations(), 'it does not begin again').to.have.lengthOf.at.most(1);
  });

  it('sheds nothing where it failed, or had ended before it was looked at', async () => {
    await runs({}, { acknowledged: TOTAL });
    await ends(failed({ progress: { ...writing.progress, total: TOTAL, acknowledged: 51_200 } }));
    expect(sheds()).to.equal(false);
    view.set({ kind: 'rest' });
    await shown.updateComplete;
    await ends(ended());
    expect(sheds()).to.equal(false);
  });
});
