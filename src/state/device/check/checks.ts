import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { Words } from '../../../words/update/told.ts';
import { REMARKS } from '../../../words/device/slots.ts';
import { placeOf, type Device } from '../../../model/device/device.ts';
import { spokenBy } from '../../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../../model/device/identity.ts';
import {
  type DeviceLink,
  type DeviceStatus,
  type Remark,
  type RequestOptions,
  LOOK_TIMEOUT_MS,
} from '../../../model/device/link.ts';
import { type AnyLink, isWholeImage } from '../../../model/device/whole-image-link.ts';
import { isProven } from '../../../model/firmware/proven.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import type { CheckView } from './check-view.ts';
import { noteOf, noteOfBoth } from './slot-notes.ts';
import { AskingTurns } from './asking-turns.ts';
import type { DevicesState, Learned } from '../devices.ts';
import { PerDevice } from '../per-device.ts';
import type { AskListed } from './listings.ts';
import { slotsSince } from './since-update.ts';
import type { LinkTo, LoadDescribe } from '../../tools.ts';
import type { DeviceLock } from '../../../model/page/page-ports.ts';
import { failedBefore } from '../../../model/update/nothing-sent.ts';

export interface ChecksParts {
  readonly linkTo: LinkTo;
  readonly devices: DevicesState;
  readonly describe: LoadDescribe;
  readonly lock: DeviceLock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Absent: no device is asked what it lists of itself. */
  readonly askListed?: AskListed;
}

/** What a device said last of itself, and at which address. */
interface Told {
  readonly place: string;
  /** One of them is null: a device tells either its slots or what it is. */
  readonly status: DeviceStatus | null;
  readonly identity: DeviceIdentity | null;
}

export class ChecksState {
  /** By device: what it said last in this visit, whoever asked it. */
  readonly $told = atom<ReadonlyMap<string, Told>>(new Map());
  readonly #parts: ChecksParts;
  readonly #views = new PerDevice<CheckView>({ kind: 'unasked' });
  readonly #unremarkable = new Set<string>();
  readonly #turns: AskingTurns;

  constructor(parts: ChecksParts) {
    this.#parts = parts;
    this.#turns = new AskingTurns(parts);
  }

  $check(deviceId: string): ReadableAtom<CheckView> {
    return this.#view(deviceId);
  }

  /** What the device said last in this visit, at the address that it has; null: nothing. */
  told(device: Device): DeviceStatus | null {
    return this.#toldBy(device)?.status ?? null;
  }

  /** What it told last of its identity, where it has no slots to tell of; null: nothing. */
  identity(device: Device): DeviceIdentity | null {
    return this.#toldBy(device)?.identity ?? null;
  }

  #toldBy(device: Device): Told | null {
    const told = this.$told.get().get(device.id);
    return told?.place === placeOf(device) ? told : null;
  }

  /** Whoever asked the device, an update or a rollout, says so here: from then on it counts as asked. */
  hear(device: Device, status: DeviceStatus): void {
    this.#keep(device, status, null);
    const view = this.#view(device.id);
    if (view.get().kind !== 'unasked') return;
    view.set({ kind: 'answered', dialect: null, status, note: noteOf(status), at: this.#parts.today() });
  }

  /** The same for a device that has no slots to tell of. */
  hearIdentity(device: Device, identity: DeviceIdentity): void {
    this.#keep(device, null, identity);
    const view = this.#view(device.id);
    const now = view.get();
    if (now.kind !== 'unasked' && now.kind !== 'answered') return;
    const dialect = now.kind === 'answered' ? now.dialect : null;
    view.set({ kind: 'answered', dialect, status: null, identity, note: null, at: this.#parts.today() });
  }

  /** The host has updated it meanwhile, and says no more of its slots than which one it has seen to run; null: none. */
  outdate(device: Device, proven: string | null): void {
    const before = this.told(device);
    this.#keep(device, before === null ? null : slotsSince(before, proven), null);
  }

  #keep(device: Device, status: DeviceStatus | null, identity: DeviceIdentity | null): void {
    this.$told.set(new Map(this.$told.get()).set(device.id, { place: placeOf(device), status, identity }));
  }

  async check(deviceId: string): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined) return;
    const asked = await this.inTurn(deviceId, (signal) => this.#ask(device, signal));
    if (asked) return;
    const error = new UpdateError('held-elsewhere');
    const words = await this.#words(device, error);
    this.#view(deviceId).set({ kind: 'failed', code: error.code, words });
  }

  /** As `AskingTurns.take`: an update ends it as well. */
  inTurn(deviceId: string, ask: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    return this.#turns.take(deviceId, ask);
  }

  /** Resolves when no question to this device is under way, or waits for its turn. */
  idle(deviceId: string): Promise<void> {
    return this.#turns.idle(deviceId);
  }

  /**
   * Before an update: ends a question that is under way, and resolves when nothing is in flight any more. A failure is
   * forgotten, for the update has its own words for the same one.
   */
  async stop(deviceId: string): Promise<void> {
    await this.#turns.end(deviceId);
    const view = this.#view(deviceId);
    if (view.get().kind === 'failed') view.set({ kind: 'unasked' });
  }

  async #ask(device: Device, signal: AbortSignal): Promise<void> {
    const view = this.#view(device.id);
    const before = view.get();
    view.set({ kind: 'asking' });
    const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
    try {
      if (!(await this.#parts.devices.unlocked(device.id))) throw new UpdateError('aborted');
      const secrets = await this.#parts.devices.secrets(device);
      if (signal.aborted) throw new UpdateError('aborted');
      const link = await this.#parts.linkTo(device, secrets)(options);
      const { status, identity } = await askOnce(link, options);
      const at = this.#parts.today();
      // A protocol that was set by hand counts as certain in the engine, but where the device has no status no answer
      // confirms it.
      const isTold = isWholeImage(link) || link.tellsStatus;
      const isShown = link.certain && (isTold || device.protocol === 'automatic');
      const dialect = isShown ? link.dialect : null;
      const listed = async (anew: boolean) => this.#parts.askListed?.(device, secrets.login, signal, anew);
      // Where the answer does not show it, its own list of now may: that is awaited, or the card says first that nobody
      // knows.
      const shown = isTold ? dialect : (dialect ?? (await listed(true))?.dialect ?? null);
      const { origin, prefix } = this.#parts.devices.find(device.id) ?? {};
      // Moved meanwhile: what the old address said is not true of the new one.
      if (origin !== device.origin || prefix !== device.prefix) throw new UpdateError('aborted');
      if (status !== null || identity !== null) this.#keep(device, status, identity);
      const told = identity === null ? {} : { identity };
      const note = await noteOfBoth(status, identity);
      let answered: CheckView = { kind: 'answered', dialect: shown, status, ...told, note, at };
      view.set(answered);
      await this.#parts.devices.learn(device.id, {
        ...(dialect === null ? {} : { dialect }),
        ...chipOf(identity),
        ...this.#takenBack(device.id, status, identity),
        lastSeen: at,
      });
      if (isWholeImage(link)) return;
      const remark = await this.#remarkOn(device, link, options);
      if (remark !== null && view.get() === answered) {
        answered = { ...answered, note: [REMARKS[remark], answered.note].filter(Boolean).join(' ') };
        view.set(answered);
      }
      const app = (await listed(false))?.app;
      if (app && view.get() === answered) view.set({ ...answered, app });
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      const isEnded = (): boolean => signal.aborted || error.code === 'aborted';
      const words = isEnded() ? null : await this.#words(device, error);
      // An update may have ended it while the words were loaded.
      if (words === null || isEnded()) view.set(before.kind === 'asking' ? { kind: 'unasked' } : before);
      else view.set({ kind: 'failed', code: error.code, words });
    }
  }

  /** What it was proven to run, where it now says otherwise: another page, or a cable, has changed it since. */
  #takenBack(deviceId: string, status: DeviceStatus | null, identity: DeviceIdentity | null): Learned {
    const runs = this.#parts.devices.find(deviceId)?.runs ?? null;
    const tells = identity !== null || (status !== null && status.running !== null);
    return tells && runs?.proven === true && !isProven(runs, { status, identity })
      ? { runs: null, ranBefore: runs }
      : {};
  }

  /**
   * Once there was nothing to remark, it is not asked again in this visit: a device that wants a token refuses this
   * question, which goes without one.
   */
  async #remarkOn({ id, origin }: Device, link: DeviceLink, options: RequestOptions): Promise<Remark | null> {
    const place = `${id} ${origin}`;
    if (this.#unremarkable.has(place)) return null;
    const remark = (await link.remark?.(options)) ?? null;
    if (remark === null && !options.signal.aborted) this.#unremarkable.add(place);
    return remark;
  }

  async #words(device: Device, error: UpdateError): Promise<Words> {
    const { code, status, said, retryAfterMs } = error;
    const describe = await this.#parts.describe();
    return describe(failedBefore(spokenBy(device), 0, { code, during: 'detecting', status, said, retryAfterMs }), {
      device: device.name,
      version: null,
      onlyChecked: true,
    });
  }

  #view(deviceId: string): WritableAtom<CheckView> {
    return this.#views.of(deviceId);
  }
}

async function askOnce(
  link: AnyLink,
  options: RequestOptions,
): Promise<{ readonly status: DeviceStatus | null; readonly identity: DeviceIdentity | null }> {
  if (isWholeImage(link)) return { status: null, identity: await link.identify(options) };
  return { status: link.tellsStatus ? await link.status(options) : null, identity: null };
}

/** The device's own word. The ESP8266 has no id to keep. */
function chipOf(identity: DeviceIdentity | null): Learned {
  const chipId = identity?.chipId ?? -1;
  return chipId < 0 ? {} : { chipId };
}
