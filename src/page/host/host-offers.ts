import {
  array,
  boolean,
  exactOptional,
  fallback,
  nullable,
  object,
  optional,
  picklist,
  safeParse,
  string,
} from 'valibot';
import { DIALECTS } from '../../model/device/dialect.ts';
import { FOUND_KINDS, type FoundDevice } from '../../model/device/found-device.ts';
import type { HostOffers } from '../../model/page/page-ports.ts';

/** Where our host says what it offers. */
const PLACE = '/moult.json';
/** Where it serves firmware for its simulated devices. */
const SAMPLE_PLACE = '/sample-firmware.bin';

/** Where it looks for devices on its network. */
const DISCOVER_PLACE = '/discover';

const offers = object({
  gateway: boolean(),
  discover: optional(boolean(), false),
  simulated: array(object({ name: string(), address: string(), token: string() })),
  pairing: optional(picklist(['not-needed', 'paired', 'needed']), 'not-needed'),
  jobs: exactOptional(boolean()),
  agent: exactOptional(boolean()),
  lan: optional(nullable(object({ plain: array(string()), fingerprint: string() })), null),
});

/**
 * Null where the page was served by something else: a static host answers 404, or its own page. `away`: nothing answers,
 * so that there may be a host later.
 */
export async function askHost(get: (url: string) => Promise<Response>): Promise<HostOffers | 'away' | null> {
  // The app works without a host.
  const answer = await get(PLACE).catch(() => null);
  if (answer === null) return 'away';
  // It may be a page where JSON was expected.
  const said = safeParse(offers, await answer.json().catch(() => null));
  return answer.ok && said.success ? said.output : null;
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

const word = optional(nullable(string()), null);
/** A host of another version may know more kinds, or tell less of each. */
const discovered = object({
  found: array(
    object({
      ...{ name: string(), address: string(), version: word, chip: word, board: word },
      kind: fallback(picklist(FOUND_KINDS), 'web'),
      dialect: fallback(nullable(picklist(DIALECTS)), null),
    }),
  ),
});

/** The devices that the host finds on its network; null where it could not look. `post` is the page's own `fetch`, with POST. */
export async function askForDevices(post: (url: string) => Promise<Response>): Promise<readonly FoundDevice[] | null> {
  try {
    const said = await post(DISCOVER_PLACE);
    if (!said.ok) return null;
    const read = safeParse(discovered, await said.json());
    return read.success ? read.output.found : null;
  } catch {
    // The host is gone, or something else answers in its place.
    return null;
  }
}
