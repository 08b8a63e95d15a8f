/**
 * The composition root of the page that a device serves itself (`npm run build:device`). It updates that device and no
 * other: what finds, explains or keeps anything besides has no place there.
 */
import { atom } from 'nanostores';
import { openLink } from './device/detect.ts';
import { sha256 } from './firmware/bytes/digest.ts';
import { inspect } from './firmware/inspect.ts';
import { takeOut } from './firmware/container/inside.ts';
import type { App } from './state/app.ts';
import { HostState } from './state/host.ts';
import { ChecksState } from './state/device/check/checks.ts';
import { DevicesState } from './state/device/devices.ts';
import { FitsState } from './state/device/fits.ts';
import type { DoctorView } from './state/device/doctor/doctor-view.ts';
import { FirmwareState } from './state/firmware/firmware.ts';
import { LibraryState } from './state/firmware/library.ts';
import { NoticesState } from './state/notices.ts';
import { ownDevice, readOwnAddress } from './state/device/own-device.ts';
import { PageBusy } from './page/busy.ts';
import { pageClock } from './page/clock.ts';
import { pageConnectivity } from './page/connectivity.ts';
import { pageLock } from './page/lock.ts';
import { QuestionsState } from './state/questions.ts';
import { RemovalsState } from './state/removals.ts';
import type { LinkTo, LoadDescribe } from './state/tools.ts';
import { tellSurprises } from './tell-surprises.ts';
import { UpdatesState } from './state/update/updates.ts';
import { openPageStorage, type KeyValueStore } from './storage/page-storage.ts';
import { newId } from './storage/vault/seal.ts';
import './ui/device/card/device-card.ts';
import './ui/kit/confirm-dialog.ts';
import { OpenDeviceEvent } from './ui/kit/events.ts';
import { MoultApp } from './ui/shell/moult-app.ts';
import { tokens } from './ui/kit/style/tokens.ts';
import { TokenDialog } from './ui/device/dialog/token-dialog.ts';
import type { Device } from './model/device/device.ts';
import { describe } from './words/update/describe.ts';
import { fileWords } from './words/firmware/file-words.ts';
import { runUpdate } from './update/run-update.ts';

const today = (): number => Date.now();
const notices = new NoticesState();

function compose(): App {
  const storage = openPageStorage(pageStore());
  const questions = new QuestionsState();
  const devices = new DevicesState({
    store: storage.devices,
    vault: storage.vault,
    readAddress: readOwnAddress,
    // Nobody types it: the page came from the device.
    readPrefix: (prefix) => ({ kind: 'prefix', prefix }),
    newId,
    today,
  });
  const library = new LibraryState(storage.firmware, notices);
  const firmware = new FirmwareState({
    inspect: (bytes, signal) => inspect(bytes, { signal }),
    digest: (bytes, { signal, progress }) =>
      sha256(bytes, { signal, onProgress: (share) => progress(Math.round(share * bytes.length)) }),
    unpack: (bytes, inner) => takeOut(bytes, inner),
    words: () => Promise.resolve(fileWords),
    ...{ library, notices, today },
  });
  const linkTo: LinkTo = ({ origin, prefix, protocol, dialect, tokenHeader }, { token, login }) =>
    openLink(
      { origin, prefix, protocol, dialect, tokenHeader, token: token ?? '', login },
      { fetch: (url, init) => fetch(url, init), clock: pageClock },
    );
  const lock = pageLock();
  const words: LoadDescribe = () => Promise.resolve(describe);
  const checks = new ChecksState({ linkTo, devices, describe: words, lock, today });
  const fits = new FitsState({ devices, firmware, checks });
  const updates = new UpdatesState({
    run: runUpdate,
    linkTo,
    ports: { clock: pageClock, random: Math.random, journal: storage.journal, connectivity: pageConnectivity },
    describe: words,
    lock,
    busy: new PageBusy(notices.keepScreenOn, pageClock),
    ...{ devices, firmware, fits, library, checks, questions, notices, today },
    recorder: null,
  });
  // The page came from the device, so nothing can stand between the two but what the failure itself names.
  const $healthy = atom<DoctorView>({ kind: 'nothing' });
  return {
    ...{ devices, firmware, fits, library, updates, checks, notices, questions },
    removals: new RemovalsState(notices, pageClock),
    doctor: { $doctor: () => $healthy },
    tokenLock: { $wanted: atom(false), $lock: atom('unavailable') },
    askSelf: null,
    recorder: null,
    jobs: null,
    // Its one card is always in view.
    activity: null,
    watch: null,
    simulator: null,
    rollouts: null,
    host: new HostState(() => Promise.resolve(null)),
    pairing: null,
    setup: { newToken: () => '', linesFor: () => Promise.resolve(''), chips: [], secure: false, addsDevices: false },
  };
}

/** Null where the browser keeps nothing for this page. */
function pageStore(): KeyValueStore | null {
  try {
    return localStorage;
  } catch {
    notices.show({ kind: 'storage-in-memory', why: 'refused' });
    return null;
  }
}

function askForToken(device: Device): void {
  const dialog = new TokenDialog();
  dialog.app = app;
  dialog.device = device;
  document.body.append(dialog);
}

tellSurprises(notices);
if (tokens.styleSheet !== undefined) document.adoptedStyleSheets = [tokens.styleSheet];

const app = compose();
const shell = new MoultApp();
shell.app = app;
document.body.replaceChildren(shell);
// "Edit" on the card: what can be wrong about this device is asked for in the one dialog there is.
document.body.addEventListener(OpenDeviceEvent.type, (event) => {
  if (event instanceof OpenDeviceEvent && event.subject.kind === 'saved') askForToken(event.subject.device);
});
await app.devices.load();
const device = await ownDevice(app.devices, window.location);
await app.updates.offerUnfinished();
if (app.devices.$keeping.get().has(device.id)) void app.checks.check(device.id);
else askForToken(device);
