/**
 * Why a device is not reached, and the one thing to do about it. It starts by itself where a check or an update failed
 * so.
 */
import type { ReadableAtom, WritableAtom } from 'nanostores';
import type { Device } from '../../../model/device/device.ts';
import { goesWhole, hostOnly, spokenBy } from '../../../model/device/dialect.ts';
import type { Diagnosis } from '../../../model/device/diagnosis.ts';
import type { UpdateErrorCode } from '../../../model/update/error-codes.ts';
import type { ChecksState } from '../check/checks.ts';
import type { CheckView } from '../check/check-view.ts';
import { addressOf } from '../device-of-form.ts';
import type { DevicesState } from '../devices.ts';
import { findingOf, withRemedy, type DoctorView, type DoctorWords, type Finding } from './doctor-view.ts';
import { NEEDS_DOCTOR } from './needs-doctor.ts';
import { PerDevice } from '../per-device.ts';
import type { DeviceForm } from '../read-form.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { UpdatesState } from '../../update/updates.ts';
import type { UpdateView } from '../../update/update-view.ts';

export interface DoctorParts {
  readonly devices: DevicesState;
  readonly checks: ChecksState;
  readonly updates: UpdatesState;
  readonly diagnose: (
    device: Device,
    secrets: Secrets,
    after: UpdateErrorCode,
    signal: AbortSignal,
  ) => Promise<Diagnosis>;
  /** Loaded with the first need: the first view explains nothing. */
  readonly words: () => Promise<DoctorWords>;
  /** Lets the browser ask whether this page may reach the local network; resolves when that is settled. */
  readonly allow: (device: Device, signal: AbortSignal) => Promise<void>;
}

/** What failed, and what to do again once the way is free. */
interface Trouble {
  readonly code: UpdateErrorCode;
  /** The firmware whose update failed; null: it was a check. */
  readonly sha256: string | null;
  /** Whether the device had taken bytes of it: then everything on the way to it was right a moment ago. */
  readonly isBegun: boolean;
}

/** Of a device that has taken bytes already, these diagnoses say no more than that it has stopped answering. */
const SILENCE: readonly Diagnosis['kind'][] = ['port-closed', 'no-answer', 'no-such-name', 'certificate'];

const NOTHING: DoctorView = { kind: 'nothing' };

export class DoctorState {
  readonly #parts: DoctorParts;
  readonly #views = new PerDevice<DoctorView>(NOTHING);
  readonly #troubles = new Map<string, Trouble>();
  readonly #watched = new Map<string, () => void>();

  constructor(parts: DoctorParts) {
    this.#parts = parts;
    parts.devices.$devices.subscribe((devices) => this.#watchAll(devices.map(({ id }) => id)));
  }

  $doctor(deviceId: string): ReadableAtom<DoctorView> {
    return this.#view(deviceId);
  }

  /** Does again what failed: the update, else the check. */
  async tryAgain(deviceId: string): Promise<void> {
    const { checks, updates } = this.#parts;
    const sha256 = this.#troubles.get(deviceId)?.sha256 ?? null;
    this.#forget(deviceId);
    if (sha256 === null) await checks.check(deviceId);
    else await updates.start(deviceId, { sha256 });
  }

  /** Only from a tap: lets the browser ask, then does again what failed. */
  async allowLocalNetwork(deviceId: string): Promise<void> {
    const { devices, checks, allow } = this.#parts;
    const device = devices.find(deviceId);
    if (device === undefined) return;
    const view = this.#view(deviceId);
    const before = view.get();
    view.set({ kind: 'allowing' });
    const asked = { settled: false };
    await checks.inTurn(deviceId, async (signal) => {
      asked.settled = await unlessAborted(
        allow(device, signal).then(() => true),
        signal,
        false,
      );
    });
    if (asked.settled) await this.tryAgain(deviceId);
    else if (view.get().kind === 'allowing') view.set(before);
  }

  async useGateway(deviceId: string): Promise<void> {
    await this.#parts.devices.learn(deviceId, { gatewayFailedAt: null });
    await this.tryAgain(deviceId);
  }

  /** Moves the device to where it was found, then does again what failed. */
  async moveTo(deviceId: string, origin: string): Promise<void> {
    await this.#change(deviceId, () => ({ address: addressOf(origin) }));
  }

  /** Takes the path that the device itself told, then does again what failed. */
  async usePrefix(deviceId: string, prefix: string): Promise<void> {
    await this.#change(deviceId, ({ typed, origin }) => ({
      prefix,
      // A path that was typed with the address would go before the field.
      address: /^([a-z]+:\/\/)?[^/]+\/*$/i.test(typed) ? typed : addressOf(origin),
    }));
  }

  async #change(
    deviceId: string,
    change: (device: Device) => Partial<Pick<DeviceForm, 'address' | 'prefix'>>,
  ): Promise<void> {
    const { devices } = this.#parts;
    const device = devices.find(deviceId);
    if (device === undefined) return;
    const { name, typed, protocol, prefix, tokenHeader, chipId } = device;
    const keepPlain = devices.$keeping.get().get(deviceId) === 'plain';
    const form = { name, address: typed, token: null, keepPlain, protocol, prefix, tokenHeader, chipId };
    const result = await devices.save({ ...form, ...change(device) }, deviceId);
    if (result.kind === 'saved') {
      await this.tryAgain(deviceId);
      return;
    }
    const remedy = { kind: 'edit-device', field: 'address' } as const;
    const words = await this.#parts.words();
    const finding: Finding = {
      kind: 'taken',
      sentence: words.notSaved(result.wrongs[0].problem),
      ...withRemedy(remedy, words),
    };
    this.#view(deviceId).set({ kind: 'found', finding });
  }

  #watchAll(ids: readonly string[]): void {
    for (const [id, stop] of this.#watched) {
      if (ids.includes(id)) continue;
      stop();
      this.#watched.delete(id);
    }
    for (const id of ids.filter((each) => !this.#watched.has(each))) {
      const stops = [
        this.#parts.checks.$check(id).listen((view) => this.#afterCheck(id, view)),
        this.#parts.updates.$update(id).listen((view) => this.#afterUpdate(id, view)),
      ];
      this.#watched.set(id, () => stops.forEach((stop) => stop()));
    }
  }

  #afterCheck(id: string, view: CheckView): void {
    if (view.kind === 'failed' && this.#mayHelp(id, view.code))
      this.#look(id, { code: view.code, sha256: null, isBegun: false });
    else if (view.kind !== 'unasked') this.#forget(id);
  }

  #afterUpdate(id: string, view: UpdateView): void {
    const failed = view.kind === 'ended' && view.state.outcome === 'failed';
    if (failed && this.#mayHelp(id, view.state.code)) {
      const isBegun = view.state.progress.acknowledged > 0;
      this.#look(id, { code: view.state.code, sha256: view.firmware.sha256, isBegun });
    } else {
      this.#forget(id);
    }
  }

  #mayHelp(id: string, code: UpdateErrorCode): boolean {
    if (!NEEDS_DOCTOR[code]) return false;
    const device = this.#parts.devices.find(id);
    const dialect = device === undefined ? null : spokenBy(device);
    // The page does not speak to a device that only a host can reach, so nothing between the two can be the reason.
    if (hostOnly(dialect) !== null) return false;
    // One that takes an image whole has said itself what it wants, and knows no status that could be asked for.
    return !(code === 'unauthorised' && goesWhole(dialect));
  }

  #look(id: string, trouble: Trouble): void {
    this.#troubles.set(id, trouble);
    void this.#inTurn(id, trouble);
  }

  /** Looks from now on, though its turn may come later: meanwhile the failure would be told in other words, and then anew. */
  async #inTurn(id: string, trouble: Trouble): Promise<void> {
    const view = this.#view(id);
    view.set({ kind: 'looking' });
    const asked = await this.#parts.checks.inTurn(id, (signal) => this.#examine(id, trouble, signal));
    if (!asked && this.#troubles.get(id) === trouble) view.set(NOTHING);
  }

  async #examine(id: string, trouble: Trouble, signal: AbortSignal): Promise<void> {
    const { devices, diagnose } = this.#parts;
    const device = devices.find(id);
    if (device === undefined) return;
    const secrets = await devices.secrets(device);
    const words = await this.#parts.words();
    const found = await unlessAborted(diagnose(device, secrets, trouble.code, signal), signal, null);
    // Something else has begun meanwhile, and shows itself.
    if (found === null || signal.aborted || this.#troubles.get(id) !== trouble) return;
    // After an update its own words say what to do. That the device answers again adds nothing to them, and a device
    // that was lost in the middle of an update has not moved to another address or port.
    const isRedundant =
      trouble.sha256 !== null && (found.kind === 'answers' || (trouble.isBegun && SILENCE.includes(found.kind)));
    this.#view(id).set(
      isRedundant ? NOTHING : { kind: 'found', finding: findingOf(found, device, this.#isSaid(id, found), words) },
    );
  }

  /** For a refused token the update's own words say all there is to say; the finding adds the button. */
  #isSaid(id: string, { kind }: Diagnosis): boolean {
    const view = this.#parts.updates.$update(id).get();
    const failed = view.kind === 'ended' && view.state.outcome === 'failed' ? view.state.code : null;
    return kind === 'wrong-token' && failed === 'unauthorised';
  }

  #forget(id: string): void {
    this.#troubles.delete(id);
    const view = this.#view(id);
    if (view.get().kind !== 'nothing') view.set(NOTHING);
  }

  #view(deviceId: string): WritableAtom<DoctorView> {
    return this.#views.of(deviceId);
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // It stopped because it was told to; whatever it threw says no more than that.
    if (signal.aborted) return otherwise;
    throw error;
  }
}
