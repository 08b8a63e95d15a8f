/** Why the gateway of the host did not carry a request, or brought no answer back. */

/** What went wrong on the way to the device or back. */
export type RelayFailure =
  'unreachable' | 'not-http' | 'silent' | 'redirect' | 'answer-too-large' | 'certificate-changed';

/** Why an address is not connected to. */
export type AddressRefusal = 'no-such-name' | 'not-private' | 'not-on-link';

/** Why the gateway itself refused. It goes in the header `Moult-Gateway`, with a sentence in `detail`. */
export type GatewayCode =
  | 'not-our-page'
  | 'not-paired'
  | 'no-such-path'
  | 'wrong-method'
  | 'header-refused'
  | 'body-refused'
  | 'body-late'
  | 'too-large'
  | 'busy'
  | 'bad-port'
  | AddressRefusal
  | RelayFailure;
