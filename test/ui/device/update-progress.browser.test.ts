import { expect } from 'chai';
import { atom } from 'nanostores';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import { UpdateProgress } from '../../../src/ui/device/update-progress.ts';
import type { ActiveState } from '../../../src/model/update/update-state.ts';
import { writing } from '../../state/given.ts';
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
