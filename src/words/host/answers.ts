/** What the host answers to a request that it does not carry out, and what it logs of one. */

export const ONLY_OWN_PAGE = 'Only this host’s own page may use this.';
export const NOT_ON_LAN = 'This host serves only its own machine.';
export const NOTHING_HERE = 'There is nothing at this address.';
export const NO_ADDRESS = 'This is not an address.';
export const ONE_HOST = 'One host at a time.';
export const NOT_OUR_NAME = 'This host does not answer to that name.';
export const HOST_FAILED = 'The host could not handle this request.';
export const NO_MDNS = 'This machine cannot look for devices: mDNS is not available here.';

export const TOO_MANY_PAIRED = 'No more browsers can be paired. Revoke one first.';
export const WRONG_CODE = 'This code is wrong, already used or expired.';

export const LOG_TOO_MANY_CODES = 'Too many pairing codes';
export const LOG_WRONG_CODE = 'A wrong pairing code';
