/** The jobs of an agent in one process: the engine itself, with a journal in memory. */
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import { openAnyLink } from '../../../src/device/open-link.ts';
import type { SharedParts } from '../../../src/host/agent/shared-parts.ts';
import { alwaysOnline } from '../../../src/host/node-ports.ts';
import type { OwnJobs } from '../../../src/host/jobs/own-jobs.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { placeOf } from '../../../src/model/device/device.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import { runAnyUpdate } from '../../../src/update/run-any-update.ts';

/** `touching`: told of each thing that they write down. */
export function jobsIn(
  kept: Map<string, JournalEntry>,
  touching: <T>(work: () => Promise<T>) => Promise<T>,
  clock: Clock,
  { fetch, upload, raw }: SharedParts['way'],
): SharedParts['jobs'] {
  const journal = {
    read: (id: string) => Promise.resolve(kept.get(id) ?? null),
    write: (entry: JournalEntry) => touching(() => Promise.resolve(void kept.set(entry.deviceId, entry))),
    clear: (id: string) => touching(() => Promise.resolve(void kept.delete(id))),
  };
  const runWhile: OwnJobs['runWhile'] = async (asked, isStopping) => {
    const { device, secrets, loaded, firmware, plan, controls, seen } = asked;
    const target = { ...device, token: secrets.token ?? '', login: secrets.login };
    const states = runAnyUpdate(
      {
        ...{ ...plan, deviceId: placeOf(device), bytes: loaded.bytes, sha256: firmware.sha256 },
        ...{ inspection: loaded.inspection, chipId: device.chipId, chunkBytes: {} },
      },
      {
        open: openAnyLink(target, { fetch, upload, raw, clock, secureContext: false, onHost: OF_HOST }),
        ...{ clock, random: () => 0.5, journal, connectivity: alwaysOnline, sendsOnce: true },
      },
      controls,
    );
    for await (const state of states) {
      seen(state);
      if (state.phase === 'ended') return state;
      if (isStopping()) return null;
    }
    throw new Error('an update without an outcome');
  };
  return { runWhile, left: (device) => Promise.resolve(kept.get(placeOf(device)) ?? null), at: () => null };
}
