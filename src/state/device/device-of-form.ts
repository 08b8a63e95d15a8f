/** The device that a form describes, and its address as people type one. Pure. */
import type { Device } from '../../model/device/device.ts';
import { RESTART_PATIENCE_MS, type DeviceForm, type ReadForm } from './read-form.ts';

/** What a device is given that was not there before. */
interface New {
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly added: () => number;
}

/**
 * A new device, or the one from `before` as it is now described. What was found out about it stays with its address.
 *
 * @param read what the form holds, as `readForm` found it, but for its secrets
 */
export function deviceOf(
  form: DeviceForm,
  read: Omit<ReadForm, 'token' | 'login'>,
  before: Device | undefined,
  { newId, added }: New,
): Device {
  const same = before?.origin === read.origin && before.prefix === read.prefix && before.protocol === form.protocol;
  return {
    id: before?.id ?? newId(),
    ...read,
    protocol: form.protocol,
    // Found out anew when it may be another device that answers there.
    dialect: form.protocol === 'automatic' ? (same ? before.dialect : (form.dialect ?? null)) : form.protocol,
    chipId: form.chipId,
    ...(same && before.chipLeftOpen && { chipLeftOpen: true }),
    ...patienceOf(form, before),
    route: same ? before.route : null,
    gatewayFailedAt: same ? (before.gatewayFailedAt ?? null) : null,
    chunkBytes: same ? before.chunkBytes : {},
    runs: before?.runs ?? null,
    ranBefore: before?.ranBefore ?? null,
    lastSeen: before?.lastSeen ?? null,
    added: before?.added ?? added(),
  };
}

/** An origin as an address to type. `URL` leaves a scheme's own port out, and without one the address would mean 8080. */
export function addressOf(origin: string): string {
  const { protocol, hostname, port } = new URL(origin);
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** The default is not stored, so that a later version can choose a better one. */
function patienceOf({ patienceMs }: DeviceForm, before: Device | undefined): Pick<Device, 'patienceMs'> {
  const patience = patienceMs ?? before?.patienceMs;
  return patience === undefined || patience === RESTART_PATIENCE_MS ? {} : { patienceMs: patience };
}
