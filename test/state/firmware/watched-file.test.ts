import { expect } from 'chai';
import type { WatchView } from '../../../src/model/firmware/watched-file.ts';
import { WatchState } from '../../../src/state/firmware/watched-file.ts';
import { file as chosenFile, inspection, givenState, NOW, savedDevice, type Given } from '../given.ts';
import type { FileNow, WatchableFile } from '../../../src/model/page/page-ports.ts';

/** Time that passes only when the test says so: every wait is one step. */
class Steps {
  #waiting: (() => void)[] = [];

  readonly wait = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => reject(new DOMException('stopped', 'AbortError'));
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
    });

  async next(): Promise<void> {
    const now = this.#waiting;
    this.#waiting = [];
    for (const resolve of now) resolve();
    await settled();
  }

  async some(count: number): Promise<void> {
    for (let step = 0; step < count; step += 1) await this.next();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A file on a disk; its content is its text. */
class FakeFile implements WatchableFile {
  readonly name = 'firmware.bin';
  looks = 0;
  /** Reading waits for this. */
  beforeRead: Promise<void> | null = null;
  text: string | null = 'build 1';
  lastModified = 1;
  readonly #steps: Steps;

  constructor(steps: Steps) {
    this.#steps = steps;
  }

  write(text: string): void {
    this.text = text;
    this.lastModified += 1;
  }

  look(): Promise<FileNow> {
    this.looks += 1;
    if (this.text === null) return Promise.reject(new DOMException('gone', 'NotFoundError'));
    const bytes = new TextEncoder().encode(this.text);
    const { name, lastModified } = this;
    const { beforeRead } = this;
    const arrayBuffer = async (): Promise<ArrayBuffer> => {
      await beforeRead;
      return bytes.slice().buffer;
    };
    return Promise.resolve({ name, lastModified, size: bytes.length, arrayBuffer });
  }

  nextLook(signal: AbortSignal): Promise<void> {
    return this.#steps.wait(0, signal);
  }
}

/** More steps than any one build needs from its first byte to its sending. */
const ENOUGH = 6;

async function watching(of: Given = {}, anyTabUpdates = async () => false) {
  const steps = new Steps();
  const file = new FakeFile(steps);
  const sent: string[] = [];
  const state = givenState({
    inspect: async (bytes) => inspection({ size: bytes.length, version: new TextDecoder().decode(bytes) }),
    ...of,
  });
  const device = await savedDevice(state.devices);
  state.updates.$update(device.id).listen((view) => {
    if (view.kind === 'preparing') sent.push(view.firmware.version ?? '');
  });
  const clock = { date: () => NOW, sleep: steps.wait };
  const kept: { file: WatchableFile; sendTo: string | null }[] = [];
  const files = {
    canWatch: () => true,
    pick: async () => file,
    kept: async () => null,
    keep: async (which: WatchableFile, sendTo: string | null) => void kept.push({ file: which, sendTo }),
    forget: async () => void kept.splice(0),
  };
  const watch = new WatchState({ clock, anyTabUpdates, files, ...state });
  const ended = watch.watch(file);
  await settled();
  await steps.some(ENOUGH);
  const event = (): string => {
    const view: WatchView = watch.$watch.get();
    return view.kind === 'off' ? 'off' : view.event.kind;
  };
  return { ...state, steps, file, sent, device, watch, ended, event, kept };
}

describe('A watched file', () => {
  it('is chosen as it is, and not sent', async () => {
    const { firmware, sent, watch, device, steps, event } = await watching();
    expect(firmware.firmware?.inspection.version).to.equal('build 1');
    expect(event()).to.equal('ready');
    watch.sendTo(device.id);
    await steps.some(ENOUGH);
    expect(sent).to.be.empty;
  });

  it('is told when it is built anew, and sent nowhere unless that was asked for', async () => {
    const { file, firmware, sent, steps, notices } = await watching();
    file.write('build 2');
    await steps.some(ENOUGH);
    expect(firmware.firmware?.inspection.version).to.equal('build 2');
    expect(notices.$notices.get()).to.deep.include({ kind: 'new-build', name: 'firmware.bin', version: 'build 2' });
    expect(sent).to.be.empty;
  });

  it('is sent to the chosen device, each build once', async () => {
    const { file, sent, steps, watch, device, event } = await watching();
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([sent, event()]).to.deep.equal([['build 2'], 'sent']);
    // Touched, or built anew to the very same bytes.
    file.write('build 2');
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2']);
    file.write('build 3');
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2', 'build 3']);
  });

  it('is left alone until it has stood still for two looks', async () => {
    const { file, sent, steps, watch, device, event } = await watching();
    watch.sendTo(device.id);
    for (let part = 0; part < 5; part += 1) {
      file.write(`build 2, part ${part}`);
      await steps.next();
      expect([sent.length, event()]).to.deep.equal([0, 'settling']);
    }
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2, part 4']);
  });

  it('is not taken while it is empty, and may be gone for a while', async () => {
    const { file, sent, steps, watch, device, event } = await watching();
    watch.sendTo(device.id);
    file.write('');
    await steps.some(ENOUGH);
    file.text = null;
    await steps.some(ENOUGH);
    expect([sent.length, event()]).to.deep.equal([0, 'missing']);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2']);
  });

  it('is not sent where the inspector does not accept it', async () => {
    for (const verdict of ['refuse', 'warn'] as const) {
      let first = true;
      const { file, sent, steps, watch, device, event } = await watching({
        inspect: async () => {
          const judged = inspection(first ? {} : { verdict, finding: { reason: 'no-hash' } });
          first = false;
          return judged;
        },
      });
      watch.sendTo(device.id);
      file.write('build 2');
      await steps.some(ENOUGH);
      expect([sent.length, event()], verdict).to.deep.equal([0, 'refused']);
    }
  });

  it('waits while an update runs, and then sends the newest build only', async () => {
    const { file, sent, steps, watch, device, updates, event } = await watching();
    let running = true;
    updates.isRunning = () => running;
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([sent.length, event()]).to.deep.equal([0, 'held']);
    file.write('build 3');
    await steps.some(ENOUGH);
    running = false;
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 3']);
  });

  it('waits while another tab updates, or a rollout is under way', async () => {
    let elsewhere = true;
    const { file, sent, steps, watch, device, event } = await watching({}, async () => elsewhere);
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([sent.length, event()]).to.deep.equal([0, 'held']);
    elsewhere = false;
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2']);
  });

  it('is not sent any more when the build after it was refused', async () => {
    const { file, sent, steps, watch, device, updates, event } = await watching({
      inspect: async (bytes) => {
        const version = new TextDecoder().decode(bytes);
        return inspection({ version, verdict: version === 'build 3' ? 'refuse' : 'accept' });
      },
    });
    let running = true;
    updates.isRunning = () => running;
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    file.write('build 3');
    await steps.some(ENOUGH);
    running = false;
    await steps.some(ENOUGH);
    expect([sent.length, event()]).to.deep.equal([0, 'refused']);
  });

  it('still waits when it is only touched', async () => {
    const { file, sent, steps, watch, device, updates } = await watching();
    let running = true;
    updates.isRunning = () => running;
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    file.write('build 2');
    await steps.some(ENOUGH);
    running = false;
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 2']);
  });

  it('is told and sent again when somebody goes back to an older build', async () => {
    const { file, sent, steps, watch, device, event } = await watching();
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    file.write('build 1');
    await steps.some(ENOUGH);
    expect([sent, event()]).to.deep.equal([['build 2', 'build 1'], 'sent']);
  });

  it('is told and not sent where the device has it from the last time', async () => {
    const { file, sent, steps, watch, device, event } = await watching();
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    watch.sendTo(null);
    file.write('build 3');
    await steps.some(ENOUGH);
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([sent, event()]).to.deep.equal([['build 2'], 'ready']);
  });

  it('is never mistaken for a file that was chosen while it was read', async () => {
    const { file, firmware, sent, steps, watch, device, event, notices } = await watching();
    watch.sendTo(device.id);
    let read: () => void = () => undefined;
    file.beforeRead = new Promise((resolve) => (read = resolve));
    file.write('build 2');
    await steps.some(ENOUGH);
    await firmware.choose([chosenFile('dropped.bin')]);
    read();
    await steps.some(ENOUGH);
    expect(firmware.firmware?.name).to.equal('dropped.bin');
    expect([sent.length, event()]).to.deep.equal([0, 'refused']);
    expect(notices.$notices.get().map(({ kind }) => kind)).not.to.include('new-build');
  });

  it('is not sent where another file was chosen while it waited: that one is on the screen', async () => {
    const { event, file, firmware, sent, steps, watch, device, updates } = await watching();
    let running = true;
    updates.isRunning = () => running;
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    await firmware.choose([chosenFile('dropped.bin')]);
    running = false;
    await steps.some(ENOUGH);
    expect([sent, event()]).to.deep.equal([[], 'ready']);
  });

  it('is not sent to a device that it does not fit, which is said, and may be sent once it does', async () => {
    const { devices, event, file, sent, steps, watch, device } = await watching();
    await devices.learn(device.id, { chipId: 0 });
    watch.sendTo(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([sent, event()]).to.deep.equal([[], 'refused']);
    await devices.learn(device.id, { chipId: 9 });
    file.write('build 3');
    await steps.some(ENOUGH);
    expect(sent).to.deep.equal(['build 3']);
  });

  it('is looked at no more when it is stopped, or another one takes its place', async () => {
    const { file, steps, watch, ended, event } = await watching();
    watch.stop();
    await ended;
    const before = file.looks;
    file.write('build 2');
    await steps.some(ENOUGH);
    expect([file.looks, event()]).to.deep.equal([before, 'off']);
  });

  it('is sent nowhere when its device was removed', async () => {
    const { file, sent, steps, watch, device, devices } = await watching();
    watch.sendTo(device.id);
    await devices.remove(device.id);
    file.write('build 2');
    await steps.some(ENOUGH);
    expect(sent).to.be.empty;
  });
});

describe('A watched file of an earlier visit', () => {
  async function earlier({ isAllowed, says = true }: { isAllowed: boolean; says?: boolean }) {
    const steps = new Steps();
    const file = new FakeFile(steps);
    const state = givenState({});
    const device = await savedDevice(state.devices);
    let forgotten = false;
    let asked = 0;
    const open = async (): Promise<WatchableFile | null> => {
      asked += 1;
      return isAllowed || says ? file : null;
    };
    const files = {
      canWatch: () => true,
      pick: async () => null,
      kept: async () => ({ name: file.name, sendTo: device.id, isAllowed, open }),
      keep: async () => undefined,
      forget: async () => void (forgotten = true),
    };
    const clock = { date: () => NOW, sleep: steps.wait };
    const watch = new WatchState({ clock, anyTabUpdates: async () => false, files, ...state });
    void watch.restore();
    await settled();
    return { watch, steps, device, asked: () => asked, forgotten: () => forgotten };
  }

  it('is watched on, for the same device, where the browser lets it', async () => {
    const { watch, device } = await earlier({ isAllowed: true });
    expect(watch.$watch.get()).to.deep.include({ kind: 'on', name: 'firmware.bin', sendTo: device.id });
    expect(watch.$kept.get()).to.equal(null);
  });

  it('waits for a tap where the browser has to ask, and goes on with it', async () => {
    const { watch, asked } = await earlier({ isAllowed: false });
    expect([watch.$watch.get().kind, watch.$kept.get(), asked()]).to.deep.equal(['off', 'firmware.bin', 0]);
    void watch.watchAgain();
    await settled();
    expect([watch.$watch.get().kind, watch.$kept.get(), asked()]).to.deep.equal(['on', null, 1]);
  });

  it('stays where the person says no, and is forgotten when they say stop', async () => {
    const { watch, forgotten } = await earlier({ isAllowed: false, says: false });
    await watch.watchAgain();
    expect([watch.$watch.get().kind, watch.$kept.get()]).to.deep.equal(['off', 'firmware.bin']);
    watch.stop();
    expect([watch.$kept.get(), forgotten()]).to.deep.equal([null, true]);
  });

  it('is kept with the device that is chosen, until it is stopped', async () => {
    const { watch, device, kept, file } = await watching();
    watch.sendTo(device.id);
    await settled();
    expect(kept.at(-1)).to.deep.equal({ file, sendTo: device.id });
    watch.stop();
    expect(kept).to.be.empty;
  });
});
