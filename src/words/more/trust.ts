/** The link to the host's page about its certificate. */

export const HOW_TO_TRUST = 'How to trust this host';
