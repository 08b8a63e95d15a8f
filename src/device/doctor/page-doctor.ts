/** The doctor in a real page: loaded when a device is not reached, and not before. */
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { browserProbes, type ProbeDeps } from './browser-probes.ts';
import type { Diagnosis } from '../../model/device/diagnosis.ts';
import { examine } from './doctor.ts';
import type { PageSurroundings } from './page-surroundings.ts';
import type { RoutedTarget } from '../route.ts';

/** Rejects only when `deps.signal` ends it. */
export async function examineFromPage(
  target: RoutedTarget,
  page: PageSurroundings,
  deps: Omit<ProbeDeps, 'gateway' | 'until'>,
  after: UpdateErrorCode | null,
): Promise<Diagnosis> {
  const done = new AbortController();
  try {
    const probes = browserProbes(page, { ...deps, gateway: target.gateway !== null, until: done.signal });
    return await examine(target, probes, after);
  } finally {
    done.abort();
  }
}
