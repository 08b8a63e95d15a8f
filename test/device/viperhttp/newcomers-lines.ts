import { setupLines } from '../../../src/device/viperhttp/device-lines.ts';

/**
 * The lines for a device as a newcomer gets them: no device yet, the page of `npm start`, a placeholder for the token.
 */
export const NEWCOMERS_LINES = setupLines({
  pageOrigin: 'http://localhost:6685',
  token: '…',
  protocol: 'automatic',
  tokenHeader: 'X-OTA-Token',
  address: '',
  prefix: '/ota',
});
