import type { PageSurroundings } from '../../../src/device/doctor/page-surroundings.ts';

/** A secure page far from the device, in a browser that knows address spaces and has not asked yet. */
export function page(changes: Partial<PageSurroundings> = {}): PageSurroundings {
  return {
    origin: 'https://moult.example',
    hostname: 'moult.example',
    isSecureContext: true,
    knowsAddressSpaces: true,
    online: () => true,
    queryPermission: async () => ({ state: 'prompt' }),
    onPolicyViolation: () => undefined,
    ...changes,
  };
}
