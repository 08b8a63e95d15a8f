/** What a device is that only a host can speak to, for a page: asked once, with the job's own ways and refusals. */
import { OF_HOST } from '../../../device/whole-image/of-host.ts';
import type { Clock } from '../../../model/clock.ts';
import type { IdentifyDevice, Identified } from '../../../model/jobs/job-requests.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import type { JobWays } from './job-fetch.ts';
import type { Maker } from '../job-making.ts';
import { linkDeps, statusUrl, targetOf } from './run-job.ts';
import { refused, type Refused } from '../refused.ts';

/** The page that asks waits no longer. */
const LIMIT_MS = 8_000;

export async function identify(
  { device, secrets }: IdentifyDevice,
  { network }: Maker,
  { ways, clock }: { readonly ways: JobWays; readonly clock: Clock },
): Promise<Identified | Refused> {
  const unreached = await ways.refusal(statusUrl(device), network);
  if (unreached !== null) return refused(unreached);
  const deps = linkDeps(network, { ways, clock });
  const options = { signal: AbortSignal.timeout(LIMIT_MS), timeoutMs: LIMIT_MS };
  try {
    return { kind: 'found', device: await OF_HOST.find(targetOf(device, secrets, 'gateway'), deps, options) };
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    const { code, status, said } = error;
    return { kind: 'failed', code: code === 'aborted' ? 'silent' : code, status, said };
  }
}
