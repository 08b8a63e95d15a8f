import type { Device } from '../model/device/device.ts';

/** A device as earlier versions kept it: one size for whichever way it went. */
export type EarlierDevice = Omit<Device, 'chunkBytes'> & { readonly chunkBytes: number | null };

/**
 * What those versions began with, and what they fell back from, to half and a quarter of it, where a request with its
 * headers was too large. What lies between they never tried, so a smaller size of theirs is not worth keeping.
 */
const BEGAN_WITH = 4096;

/** The same device with its size by the way it went. */
export function withSizeByWay(device: EarlierDevice): Device {
  const { route, chunkBytes } = device;
  const isKnown = route !== null && chunkBytes !== null && chunkBytes >= BEGAN_WITH;
  return { ...device, chunkBytes: isKnown ? { [route]: chunkBytes } : {} };
}
