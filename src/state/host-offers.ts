import { array, boolean, nullable, object, optional, safeParse, string } from 'valibot';
import type { HostOffers } from './tools.ts';

/** Where our host says what it offers. */
const PLACE = '/moult.json';
/** Where it serves firmware for its simulated devices. */
const SAMPLE_PLACE = '/sample-firmware.bin';

const offers = object({
  gateway: boolean(),
  discover: optional(boolean(), false),
  simulated: array(object({ name: string(), address: string(), token: string() })),
  lan: optional(nullable(object({ plain: array(string()), fingerprint: string() })), null),
});

/** Null where the page was served by something else: a static host answers 404, or its own page. */
export async function askHost(get: (url: string) => Promise<Response>): Promise<HostOffers | null> {
  try {
    const answer = await get(PLACE);
    if (!answer.ok) return null;
    const said = safeParse(offers, await answer.json());
    return said.success ? said.output : null;
  } catch {
    // Offline, or a page where JSON was expected: the app works without a host.
    return null;
  }
}

/** The host's sample firmware; null where there is none. */
export async function getSample(get: (url: string) => Promise<Response>): Promise<File | null> {
  try {
    const answer = await get(SAMPLE_PLACE);
    return answer.ok ? new File([await answer.arrayBuffer()], SAMPLE_PLACE.slice(1)) : null;
  } catch {
    // The host is gone; a file of the person's own does as well.
    return null;
  }
}
