/** Why the gateway did not carry a request: the `detail` of its answer, beside the code in `Moult-Gateway`. */
import type { GatewayCode } from '../../model/host/gateway-code.ts';
import { exactBytes } from '../kit/quantities.ts';

/** `bodyBytes`: the largest body it takes. */
export function gatewayRefusalInWords(code: GatewayCode, { bodyBytes }: { readonly bodyBytes: number }): string {
  switch (code) {
    case 'not-our-page':
      return 'The gateway serves only the page of this host.';
    case 'not-paired':
      return 'This browser is not paired with the host. Scan the code in the host’s terminal.';
    case 'no-such-path':
      return 'The gateway carries update requests only, written as /device/<scheme>/<host>:<port>/<prefix>/<route>.';
    case 'wrong-method':
      return 'That method is not allowed at that route.';
    case 'header-refused':
      return 'The gateway does not forward a token in that header: it has another meaning, or browsers never send it.';
    case 'body-refused':
      return 'A POST must state its length; a GET must have no body.';
    case 'body-late':
      return 'The request did not arrive in full. Nothing was sent to the device.';
    case 'too-large':
      return `The body of an update request can have at most ${exactBytes(bodyBytes)}.`;
    case 'busy':
      return 'The gateway has too many requests in progress, for this page or in total. Try again in a second.';
    case 'no-such-name':
      return 'No device has that name on this network.';
    case 'bad-port':
      return 'Browsers never connect to that port, and neither does the gateway: it is reserved for another protocol. Let the device use another port, such as 8080.';
    case 'not-private':
      return 'The gateway reaches only devices on private networks.';
    case 'not-on-link':
      return 'The gateway reaches only devices on your own network: neither its own machine nor its other networks.';
    case 'unreachable':
      return 'Nothing answers at that address and port, or the connection broke.';
    case 'not-http':
      return 'Something answers at that address and port, but not over HTTP. It may be another service, or need https instead of http.';
    case 'silent':
      return 'The device did not answer in time. It may still have carried out the request.';
    case 'redirect':
      return 'The device redirected to another address. A token is never sent there.';
    case 'answer-too-large':
      return 'The device’s answer is larger than the app reads.';
    case 'certificate-changed':
      return 'The device shows a different certificate than before, so the token was not sent. If you replaced its certificate, remove its line from device-certificates.json in the host’s data folder.';
  }
}
