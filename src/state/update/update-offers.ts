import { type Device, placeOf } from '../../model/device/device.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { PerDevice } from '../device/per-device.ts';
import type { Chosen } from '../firmware/chosen.ts';
import type { UnderWay } from './under-way.ts';
import { AT_REST, firmwareName, isOffered, type OfferedUpdate, type UpdateView } from './update-view.ts';
import type { UpdatesParts } from './updates-parts.ts';

type OffersParts = Pick<UpdatesParts, 'devices' | 'library' | 'ports' | 'lock' | 'host' | 'lookBack'>;

/** What a device offers to go on with: an update of an earlier visit, by the journal, or one that stands still on the host. */
export class UpdateOffers {
  readonly #views: PerDevice<UpdateView>;
  readonly #underWay: Pick<UnderWay, 'has'>;
  readonly #parts: OffersParts;

  constructor(views: PerDevice<UpdateView>, underWay: Pick<UnderWay, 'has'>, parts: OffersParts) {
    this.#views = views;
    this.#underWay = underWay;
    this.#parts = parts;
  }

  of(deviceId: string): OfferedUpdate | null {
    const view = this.#views.of(deviceId).get();
    return view.kind === 'offer' ? view : null;
  }

  /** Looks in the journal for updates of an earlier visit. */
  async find(): Promise<void> {
    const atTheEnd: string[] = [];
    for (const device of this.#parts.devices.$devices.get()) {
      // What another tab is at has not stopped.
      const entry = await this.#offer(device, () => this.#alone(device, () => Promise.resolve()));
      if (entry?.phase === 'finalizing' || entry?.phase === 'restarting') atTheEnd.push(device.id);
    }
    // Not waited for: a device may take minutes to be back.
    if (atTheEnd.length > 0) void this.#parts.lookBack?.(atTheEnd);
  }

  /** Offers what stands still on the host; null: it does not any more. */
  showFromHost(deviceId: string, offer: OfferedUpdate | null): void {
    const view = this.#views.of(deviceId);
    const { kind } = view.get();
    if (kind === 'rest' || kind === 'offer') view.set(offer ?? AT_REST);
  }

  /** Says on an offer that the device is being asked. */
  showLooking(deviceId: string, isLooking: boolean): void {
    const offer = this.of(deviceId);
    if (offer !== null) this.#views.of(deviceId).set({ ...offer, isLooking });
  }

  /** Forgets what is offered. The device is left as it is. */
  async drop(deviceId: string): Promise<void> {
    const { devices, host, ports } = this.#parts;
    const device = devices.find(deviceId);
    const offer = this.of(deviceId);
    if (device === undefined || offer === null) return;
    if (offer.onHost !== undefined) {
      this.#views.of(deviceId).set(AT_REST);
      await host?.forget(deviceId);
      return;
    }
    // Where another tab goes on with it, the journal is that tab's.
    await this.#alone(device, () => ports.journal.clear(deviceId));
    this.#views.of(deviceId).set(AT_REST);
  }

  /** Another file is on the screen: how the one before it ended is not said beside it. What can go on is offered. */
  replaceEnded(chosen: Chosen): void {
    if (chosen.kind === 'none' || chosen.kind === 'reading') return;
    const sha256 = chosen.kind === 'ready' ? chosen.firmware.sha256 : null;
    for (const device of this.#parts.devices.$devices.get()) {
      const view = this.#views.of(device.id);
      const now = view.get();
      if (now.kind !== 'ended' || now.firmware.sha256 === sha256) continue;
      view.set(AT_REST);
      if (now.onHost === true) void this.#parts.host?.offerAgain(device.id);
      void this.#offer(device, () => Promise.resolve(!this.#underWay.has(device.id)));
    }
  }

  /**
   * Offers to go on with what the journal tells of a device.
   * @param isFree whether nobody is at it
   * @returns what is offered; null where nothing is
   */
  async #offer({ id }: Device, isFree: () => Promise<boolean>): Promise<JournalEntry | null> {
    const { library, ports } = this.#parts;
    const view = this.#views.of(id);
    const entry = await ports.journal.read(id);
    const isAtRest = (): boolean => view.get().kind === 'rest';
    if (entry === null || !isOffered(entry) || !isAtRest() || !(await isFree()) || !isAtRest()) return null;
    const record = library.find(entry.sha256);
    view.set({ kind: 'offer', entry, firmware: record === undefined ? null : firmwareName(record) });
    return entry;
  }

  /** Does `work` unless another tab has the device in hand. @returns whether it was done */
  async #alone(device: Device, work: () => Promise<void>): Promise<boolean> {
    const release = await this.#parts.lock.acquire(placeOf(device));
    if (release === null) return false;
    await work().finally(release);
    return true;
  }
}
