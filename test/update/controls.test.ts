import { expect } from 'chai';
import { UpdateControls } from '../../src/update/controls.ts';
import { settled } from '../device/manual-clock.ts';

/** Whether `changed` has resolved since. */
function watched(controls: UpdateControls, signal = new AbortController().signal): { heard: boolean } {
  const watch = { heard: false };
  void controls.changed(signal).then(() => (watch.heard = true));
  return watch;
}

describe('the buttons of a running update', () => {
  it('start untouched', () => {
    const controls = new UpdateControls();
    expect(controls.paused).to.equal(false);
    expect(controls.cancelled.aborted).to.equal(false);
  });

  it('pause and resume', () => {
    const controls = new UpdateControls();
    controls.pause();
    expect(controls.paused).to.equal(true);
    controls.resume();
    expect(controls.paused).to.equal(false);
  });

  it('cancel, also while paused', () => {
    const controls = new UpdateControls();
    controls.pause();
    controls.cancel();
    expect(controls.cancelled.aborted).to.equal(true);
  });

  it('notify every listener of a pause, of a resume and of a cancel, once', async () => {
    const controls = new UpdateControls();
    for (const press of ['pause', 'resume', 'cancel'] as const) {
      const watches = [watched(controls), watched(controls)];
      await settled();
      expect(watches.map(({ heard }) => heard)).to.deep.equal([false, false]);
      controls[press]();
      await settled();
      expect(
        watches.map(({ heard }) => heard),
        press,
      ).to.deep.equal([true, true]);
    }
  });

  it('notify nobody where a press changes nothing', async () => {
    const controls = new UpdateControls();
    const running = watched(controls);
    controls.resume();
    await settled();
    expect(running.heard).to.equal(false);
    controls.pause();
    const paused = watched(controls);
    controls.pause();
    await settled();
    expect(paused.heard).to.equal(false);
  });

  it('forget a listener that was removed', async () => {
    const controls = new UpdateControls();
    const gone = new AbortController();
    const watch = watched(controls, gone.signal);
    gone.abort();
    controls.pause();
    await settled();
    expect(watch.heard).to.equal(false);
  });
});
