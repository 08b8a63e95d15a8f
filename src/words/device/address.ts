/** What is wrong with an address, and how one is typed. */
import { DEFAULT_PORT, DEFAULT_PREFIX, LAST_PORT, type WrongAddress } from '../../model/device/address-reading.ts';

export function wrongAddressInWords(wrong: WrongAddress): string {
  switch (wrong.kind) {
    case 'empty':
      return 'Type the device’s address, such as 192.168.1.50 or esp32.local.';
    case 'spaces':
      return 'An address has no spaces. Type it as 192.168.1.50:8080 or esp32.local.';
    case 'no-scheme-of-devices':
      return `Devices use http or https, not ${wrong.text}. Type http://192.168.1.50:8080.`;
    case 'no-slashes':
      return 'Two slashes follow http: in an address. Type http://192.168.1.50:8080.';
    case 'backslash':
      return 'An address has no backslash. Type http://192.168.1.50:8080.';
    case 'query':
      return 'Remove the ? and what follows: the address ends with the path.';
    case 'fragment':
      return 'Remove the # and what follows: the address ends with the path.';
    case 'user-info':
      return 'A user name or password can’t be part of the address. Remove what comes before the @.';
    case 'ipv6-without-brackets':
      return 'An IPv6 address needs brackets. Type [fe80::1] or [fe80::1]:8080.';
    case 'no-port':
      return `“${wrong.text}” is not a port. A port is a number from 1 to ${LAST_PORT}, such as ${DEFAULT_PORT}.`;
    case 'no-host':
      return 'The device’s name or IP address is missing. Type 192.168.1.50 or esp32.local.';
    case 'no-name':
      return `“${wrong.text}” is not a device name. Use letters, digits and hyphens, such as esp32.local.`;
    case 'no-ipv4':
      return `“${wrong.text}” is not an IP address. It has four numbers from 0 to 255, such as 192.168.1.50.`;
    case 'reserved':
      return `No device can have the address ${wrong.text}. Look it up on the device or in the router.`;
    case 'zone':
      return 'Browsers don’t accept a zone in an IPv6 address. Remove the % and what follows, up to the bracket.';
    case 'no-ipv6':
      return `“${wrong.text}” is not an IPv6 address. Type it as [fe80::1] or [fe80::1]:8080.`;
    case 'no-prefix':
      return `“${wrong.text}” can’t be the update path. It is ${DEFAULT_PREFIX} unless it was changed.`;
  }
}
