/** What opens things at the page's host, and where this browser keeps it: as it keeps the tokens of devices. */
import type { JobKeys, KeptJob } from '../../model/page/job-calls.ts';
import type { TokenVault } from '../../model/page/stores.ts';
import type { KeyStore } from './host-key.ts';

/** The vault's record of this browser's key to its host. */
const HOST_RECORD = 'host';

/** The key that this browser was paired with its host for. */
export function hostKeyIn(vault: TokenVault): KeyStore {
  return {
    read: () => vault.get(HOST_RECORD, window.location.origin),
    write: (key) => put(vault, HOST_RECORD, key),
  };
}

/** The keys of jobs: each of them opens one update of one device. */
export function jobKeysIn(vault: TokenVault): JobKeys {
  const recordOf = (deviceId: string): string => `${deviceId} job`;
  return {
    read: async (deviceId) => {
      const text = await vault.get(recordOf(deviceId), window.location.origin);
      return text === null ? null : (JSON.parse(text) as KeptJob);
    },
    write: (deviceId, kept) => put(vault, recordOf(deviceId), JSON.stringify(kept)),
    remove: (deviceId) => vault.remove(recordOf(deviceId)),
  };
}

/** On plain http it is stored unencrypted: it crosses the network like that, too, and opens no device. */
async function put(vault: TokenVault, record: string, text: string): Promise<void> {
  const keeping = vault.keepsPlain ? 'plain' : vault.preferred;
  await vault.put(record, text, keeping, window.location.origin);
}
