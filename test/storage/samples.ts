/** Things to store, each whole; a test names only what it is about. */
import type { FirmwareRecord } from '../../src/model/firmware/firmware-record.ts';
import { anInspection } from '../firmware/an-inspection.ts';
import { placeOf, type Device, type RanFirmware } from '../../src/model/device/device.ts';
import type { HistoryEntry } from '../../src/model/update/history-entry.ts';
import type { JournalEntry } from '../../src/model/update/journal.ts';
import type { RolloutRecord } from '../../src/model/rollout/rollout-record.ts';

/** Any date: the stores never read the clock. */
const A_DAY = Date.UTC(2026, 0, 15);

export function aDevice(of: Partial<Device> = {}): Device {
  return {
    id: 'kitchen',
    name: 'Kitchen sensor',
    typed: '192.168.1.50',
    origin: 'http://192.168.1.50:8080',
    prefix: '/ota',
    protocol: 'automatic',
    dialect: null,
    tokenHeader: 'X-OTA-Token',
    chipId: null,
    route: null,
    chunkBytes: {},
    runs: null,
    ranBefore: null,
    lastSeen: null,
    group: null,
    added: A_DAY,
    ...of,
  };
}

/** Where the tokens of the tests go. */
export const PLACE = placeOf(aDevice());

export function ran(sha256: string): RanFirmware {
  return { sha256, version: '1.0.0', project: null, slot: 'ota_0', at: A_DAY, proven: true };
}

export function aJournalEntry(of: Partial<JournalEntry> = {}): JournalEntry {
  return {
    deviceId: 'kitchen',
    sha256: 'ab'.repeat(32),
    size: 1_500_000,
    dialect: 'shipped',
    sessionId: '3',
    slot: 'ota_1',
    previousSlot: 'ota_0',
    acknowledged: 65_536,
    sentTo: 131_072,
    phase: 'writing',
    at: A_DAY,
    ...of,
  };
}

export function aRollout(of: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    sha256: 'ab'.repeat(32),
    firmwareName: 'kitchen.bin',
    devices: ['kitchen', 'attic', 'hall'],
    ended: [['kitchen', 'updated']],
    firstWave: 1,
    width: null,
    stopAt: { failures: 3, share: null },
    stopped: null,
    forgiven: [],
    startedAt: A_DAY,
    ...of,
  };
}

export function aFirmware(of: Partial<FirmwareRecord> = {}): FirmwareRecord {
  const size = of.size ?? 8;
  return {
    sha256: 'cd'.repeat(32),
    name: 'firmware.bin',
    label: null,
    size,
    added: A_DAY,
    pinned: false,
    inspection: anInspection({ size, project: 'sensor' }),
    ...of,
  };
}

export function bytesOf(size: number, fill = 0xe9): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).fill(fill);
}

export function aHistoryEntry(of: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: 'update-1',
    deviceId: 'kitchen',
    deviceName: 'Kitchen sensor',
    sha256: 'ab'.repeat(32),
    version: '1.4.2',
    project: 'sensor',
    outcome: 'updated',
    code: null,
    startedAt: A_DAY,
    durationMs: 12_000,
    size: 1_500_000,
    bytes: 1_500_000,
    retries: 0,
    sessionRestarts: 0,
    dialect: 'shipped',
    route: 'direct',
    ending: { kind: 'facts', facts: { outcome: 'updated', slot: 'ota_1', markedValid: true } },
    blockSize: 4096,
    capacityBytes: null,
    samples: [
      [0, 0],
      [12_000, 1_500_000],
    ],
    retried: [{ start: 4096, end: 8192 }],
    ...of,
  };
}
