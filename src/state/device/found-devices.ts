/** What is done with devices that were found. Loaded with the first of them. */
import type { FoundDevice } from '../../model/device/found-device.ts';
import { hostOnly } from '../../model/device/dialect.ts';
import type { AskSelf } from './check/ask-self.ts';

/** A device that is there answers at once. */
const TELLS_WITHIN_MS = 2_000;

/** Asks a found device for what it has not announced. Null: it tells no more, or is not to be asked. Never rejects. */
export async function tellMore(device: FoundDevice, askSelf: AskSelf): Promise<FoundDevice | null> {
  if (device.dialect === null || device.version !== null || !canBeAsked(device)) return null;
  const asked = { origin: device.address, login: null, orElse: null };
  // A failure is no news: the list is of use without the answer.
  const told = await askSelf(asked, AbortSignal.timeout(TELLS_WITHIN_MS)).catch(() => null);
  const identity = told?.other?.identity;
  if (identity === undefined) return null;
  const { version, chip } = identity;
  return { ...device, name: identity.name ?? device.name, version, chip };
}

/** Whether a page can ask it what it is. One that only a host can speak to has announced all that it tells. */
export function canBeAsked({ dialect }: FoundDevice): boolean {
  return hostOnly(dialect) === null;
}

/** Whether it is spoken to with a token, as far as it is known. */
export function takesToken({ dialect }: FoundDevice): boolean {
  return dialect === null;
}
