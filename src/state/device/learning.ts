/** What an update that has ended teaches about its device. */
import type { Device, RanFirmware } from '../../model/device/device.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import type { Learned } from './devices.ts';
import type { SentFirmware } from '../update/sent-firmware.ts';
import { traitsOf } from '../../model/device/dialect.ts';

/**
 * Both times in milliseconds since 1970.
 *
 * @param at when it ended
 * @param answeredAt when the device was heard last before that; null: it was not
 */
export function learnedFrom(
  device: Device,
  firmware: SentFirmware,
  ended: Outcome,
  at: number,
  answeredAt: number | null = null,
): Learned {
  const { dialect, progress } = ended;
  const { route, chunkBytes } = device;
  // Where any web server could be taken for such a device, the dialect is believed only once it took an image.
  const shown = traitsOf(dialect)?.isRecognised === true || ended.outcome === 'accepted';
  const reached: Learned = {
    ...(dialect !== null && shown ? { dialect } : {}),
    // An end that the device did not tell may come minutes after its last word.
    ...(answeredAt === null ? {} : { lastSeen: answeredAt }),
    // The route was learned when the link was opened, so it is the one that this update took. A page that a device
    // serves itself has one route, and learns none.
    ...(progress.chunkBytes > 0 ? { chunkBytes: { ...chunkBytes, [route ?? 'direct']: progress.chunkBytes } } : {}),
  };
  switch (ended.outcome) {
    case 'updated':
      if (ended.by === 'identity') return { ...reached, lastSeen: at, ...told(device, firmware, ended.now, at) };
      return { ...reached, lastSeen: at, ...ran(device, firmware, ended.slot, at, true) };
    case 'accepted':
      return { ...reached, lastSeen: at, ...ran(device, firmware, progress.slot, at, false) };
    case 'rolled-back':
      // It tells what it ran before, which is what is known of it.
      if (ended.by === 'identity') return { ...reached, lastSeen: at };
      return {
        ...reached,
        lastSeen: at,
        ...(ended.isPrevious
          ? runsAgain(device, ended.slot)
          : { runs: null, ranBefore: device.runs ?? device.ranBefore }),
      };
    case 'rejected':
      return { ...reached, lastSeen: at, ...(ended.oldFirmware !== 'runs' ? inDoubt(device, firmware) : {}) };
    case 'staged':
      return { ...reached, lastSeen: at };
    case 'not-seen-again':
      return { ...reached, ...inDoubt(device, firmware) };
    case 'failed':
    case 'cancelled':
      switch (ended.oldFirmware) {
        case 'runs':
          return reached;
        case 'replaced':
          // Not marked valid: the next reset may go back.
          return { ...reached, ...ran(device, firmware, progress.slot, at, false) };
        case 'unknown':
        case 'set-aside':
          return { ...reached, ...inDoubt(device, firmware) };
      }
  }
}

/** It may have started the new image, or not: what ran until now is all that is known. */
function inDoubt({ runs }: Device, { sha256 }: SentFirmware): Learned {
  return runs === null || runs.sha256 === sha256 ? {} : { runs: null, ranBefore: runs };
}

/** The end of a doubt: `slot` runs, and what was seen in it before. */
function runsAgain({ runs, ranBefore }: Device, slot: string): Learned {
  return runs === null && ranBefore?.slot === slot ? { runs: ranBefore, ranBefore: null } : {};
}

/** What it tells of itself is the proof, for as long as it tells the same. */
function told(device: Device, firmware: SentFirmware, now: DeviceIdentity, at: number): Learned {
  const { runs, ...more } = ran(device, firmware, null, at, true);
  const { product, version, release, build } = now;
  const isTold = version !== null || build !== null;
  return { ...more, ...(runs && isTold && { runs: { ...runs, tells: { product, version, release, build } } }) };
}

function ran(device: Device, firmware: SentFirmware, slot: string | null, at: number, proven: boolean): Learned {
  const { sha256, version, project, chipId } = firmware;

  const runs: RanFirmware = {
    ...{ sha256, version, project },
    slot,
    at,
    proven,
  };
  return {
    runs,
    // Sending the same again is no reason to forget what was there before it.
    ...(device.runs === null || device.runs.sha256 === sha256 ? {} : { ranBefore: device.runs }),
    // An image that starts is right for the chip; "accepted" is no proof that it starts.
    // The ESP8266 has no id in image headers, and is known by what the device tells.
    ...(proven && chipId !== null && chipId >= 0 ? { chipId } : {}),
  };
}
