import type { Device } from '../model/device/device.ts';

/** A device as earlier versions kept it: with one chunk size for either route. */
export type EarlierDevice = Omit<Device, 'chunkBytes'> & { readonly chunkBytes: number | null };

/**
 * The size that those versions began with. Where a request with its headers was too large, they fell back to half or a
 * quarter of it and never tried a size between, so a smaller size of theirs is not worth keeping.
 */
const BEGAN_WITH = 4096;

/** The same device with its chunk size by route. */
export function withSizeByRoute(device: EarlierDevice): Device {
  const { route, chunkBytes } = device;
  const isKnown = route !== null && chunkBytes !== null && chunkBytes >= BEGAN_WITH;
  return { ...device, chunkBytes: isKnown ? { [route]: chunkBytes } : {} };
}
