import { setupLines } from '../../../src/device/viperhttp/device-lines.ts';

/** The lines for a device as who is new gets them: no device yet, the page of `npm start`, a token to be put in. */
export const NEWCOMERS_LINES = setupLines({
  pageOrigin: 'http://localhost:6685',
  token: '…',
  protocol: 'automatic',
  tokenHeader: 'X-OTA-Token',
  address: '',
  prefix: '/ota',
});
