/** What stands in a report for help in the place of a name or an address. */
export const MAC_ADDRESS = '[MAC address]';
export const IPV6_ADDRESS = '[IPv6 address]';
export const IPV4_ADDRESS = '[IPv4 address]';
export const HOST_NAME = '[name]';
export const LOCAL_NAME = '[name].local';
