/** One firmware to one device from Node: the page's own engine over Node's own sockets. */
import { sha256 } from '../../../firmware/bytes/digest.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { statedName } from '../../../firmware/image/stated-name.ts';
import { openLink } from '../../../device/detect.ts';
import type { DeviceTarget } from '../../../device/target.ts';
import type { UpdateControls } from '../../../update/controls.ts';
import { describe } from '../../../words/update/describe.ts';
import type { Words } from '../../../words/update/told.ts';
import { runUpdate } from '../../../update/run-update.ts';
import type { Outcome, UpdateState } from '../../../model/update/update-state.ts';
import type { ChunkSizes } from '../../reach/chunk-sizes.ts';
import { DeviceFetch } from '../../reach/device-fetch.ts';
import type { PushWarnings } from './push-warnings.ts';
import { alwaysOnline, memoryJournal, nodeClock } from '../node-ports.ts';

export interface PushOptions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the device is called in words. */
  readonly name: string;
  readonly target: DeviceTarget;
  /** Ask for a restart into the new image. */
  readonly restart: boolean;
  /** How long to look for the device after its restart, in milliseconds; default 120,000. */
  readonly patienceMs?: number;
  readonly controls: UpdateControls;
  /** What the device took before, and where to remember what it takes now; absent: nothing is. */
  readonly sizes?: ChunkSizes;
  /** Absent: nobody is warned. */
  readonly warnings?: PushWarnings;
  /** Told at every state, with its words. */
  readonly onState: (state: UpdateState, words: Words) => void;
}

export interface Pushed {
  readonly outcome: Outcome;
  readonly words: Words;
  readonly sha256: string;
  readonly version: string | null;
}

/** Runs one update to its end. What the device or the network does is an outcome, not an error. */
export async function push(options: PushOptions): Promise<Pushed> {
  const { bytes, target, controls, sizes } = options;
  const inspection = await inspect(bytes);
  options.warnings?.ofFile(inspection);
  const hash = await sha256(bytes);
  const { version } = statedName(inspection);
  const names = { device: options.name, version };
  const chunkBytes = (await sizes?.of(target.origin)) ?? {};
  const way = new DeviceFetch();
  const states = runUpdate(
    {
      deviceId: target.origin,
      bytes,
      sha256: hash,
      inspection,
      chipId: null,
      overruled: [],
      restart: options.restart,
      ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
      takeOver: null,
      chunkBytes,
    },
    {
      open: openLink(target, { fetch: way.fetch, clock: nodeClock, secureContext: false }),
      clock: nodeClock,
      random: () => Math.random(),
      journal: memoryJournal(),
      connectivity: alwaysOnline,
    },
    controls,
  );
  try {
    for await (const state of states) {
      const words = describe(state, names);
      options.warnings?.ofState(state, options.name);
      options.onState(state, words);
      if (state.phase !== 'ended') continue;
      await sizes?.learn(target.origin, state.progress);
      return { outcome: state, words, sha256: hash, version };
    }
    throw new Error('an update without an outcome');
  } finally {
    way.close();
  }
}
