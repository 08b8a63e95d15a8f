/** What the host answers to a request that it does not carry out, and what it logs of one. */

export const ONLY_OWN_PAGE = 'This is for the page of this host only.';
export const NOT_ON_LAN = 'This host keeps to its own machine.';
export const NOTHING_HERE = 'There is nothing at this address.';
export const NO_ADDRESS = 'This is no address.';
export const ONE_HOST = 'One host at a time.';
export const NOT_OUR_NAME = 'This host does not go by that name.';
export const HOST_FAILED = 'The host failed at this request.';
export const NO_MDNS = 'This machine cannot look for devices: mDNS is not available here.';

export const TOO_MANY_PAIRED = 'As many browsers are paired as may be. Revoke one first.';
export const WRONG_CODE = 'This code is not right, was used already, or its time is up.';

export const LOG_TOO_MANY_CODES = 'Too many pairing codes';
export const LOG_WRONG_CODE = 'A wrong pairing code';
