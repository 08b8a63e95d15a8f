import type { DeviceIdentity } from '../../model/device/identity.ts';

/**
 * What is known of a device that tells nothing of itself.
 *
 * @param keepsHalf whether it has to be assumed that it keeps a half upload
 */
export function nothingTold(product: string, keepsHalf: boolean): DeviceIdentity {
  return {
    ...{ product, keepsHalf, name: null, version: null, release: null, build: null },
    ...{ chipId: null, chip: null, flashBytes: null, uptimeMs: null, takesUpdates: null },
  };
}
