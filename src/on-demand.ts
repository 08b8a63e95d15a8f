/** What is loaded when somebody first wants it: what reads a file, backups, and links that carry a token. */
import { parseAddress } from './device/address.ts';
import type { AddressReading } from './model/device/address-reading.ts';
import type { BackupTools } from './model/page/backup.ts';
import { placeOf, type Device } from './model/device/device.ts';
import type { FirmwareParts } from './state/firmware/firmware.ts';
import type { HandOver } from './state/tools.ts';

const subtle = window.isSecureContext ? crypto.subtle : null;

/** As people type it. */
export const readAddress = (typed: string, usualPort?: number): AddressReading => {
  const parsed = parseAddress(typed, usualPort);
  // Without a path of its own the address leaves the prefix to its field, or to what is usual.
  return parsed.kind === 'address' && !parsed.hasPath ? { ...parsed, prefix: null } : parsed;
};

const originOf = (typed: string): string | null => {
  const read = parseAddress(typed);
  return read.kind === 'address' ? read.origin : null;
};

/** What a file is concerns nobody before there is one. */
export const fileTools: Pick<FirmwareParts, 'inspect' | 'digest' | 'unpack' | 'words'> = {
  inspect: async (bytes, signal) => {
    const [{ inspect }, { pageDigest: digest }] = await Promise.all([
      import('./firmware/inspect.ts'),
      import('./page/hash.ts'),
    ]);
    return inspect(bytes, { signal, digest });
  },
  digest: async (bytes, { signal, progress }) => {
    const [{ sha256 }, { pageHash }] = await Promise.all([
      import('./firmware/bytes/digest.ts'),
      import('./page/hash.ts'),
    ]);
    const onProgress = (share: number): void => progress(Math.round(share * bytes.length));
    return sha256(bytes, { ...pageHash, signal, onProgress });
  },
  unpack: async (bytes, inner) => (await import('./firmware/container/inside.ts')).takeOut(bytes, inner),
  words: async () => (await import('./words/firmware/file-words.ts')).fileWords,
};

export const backupTools: BackupTools = {
  write: async (saved, tokens) =>
    (await import('./storage/backup.ts')).writeBackup(saved, tokens, { subtle, now: Date.now() }),
  read: async (file, saved, passphrase) =>
    (await import('./storage/read-import.ts')).readImport(file, {
      subtle,
      now: Date.now(),
      devices: saved,
      passphrase,
      originOf,
      readAddress,
    }),
};

export const handOver: HandOver | null = subtle && {
  seal: async (token: string, device: Pick<Device, 'origin' | 'prefix'>) =>
    (await import('./storage/vault/handed-token.ts')).sealForLink(subtle, token, placeOf(device)),
  open: async (sealed: string, code: string, address: string) => {
    const read = parseAddress(address);
    if (read.kind !== 'address') return null;
    return (await import('./storage/vault/handed-token.ts')).openFromLink(subtle, sealed, code, placeOf(read));
  },
};
