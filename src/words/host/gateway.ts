/** Why the gateway did not carry a request: the `detail` of its answer, beside the code in `Moult-Gateway`. */
import type { GatewayCode } from '../../model/host/gateway-code.ts';
import { whole } from '../kit/locale.ts';

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
      return 'The device is not asked this way at that route.';
    case 'header-refused':
      return 'The gateway passes on no token in a header of that name: it says something else, or no browser sends it.';
    case 'body-refused':
      return 'A POST states its length, a GET has no body.';
    case 'body-late':
      return 'The request did not come whole. The device was not asked.';
    case 'too-large':
      return `A body of an update request is ${whole(bodyBytes)} bytes at most.`;
    case 'busy':
      return 'The gateway has too much under way, for this page or in all. Try again in a second.';
    case 'no-such-name':
      return 'No device has that name on this network.';
    case 'bad-port':
      return 'Browsers send no request to that port, and neither does the gateway: another protocol is at home there. Let the device listen at another port, such as 8080.';
    case 'not-private':
      return 'The gateway reaches devices on private networks only.';
    case 'not-on-link':
      return 'The gateway reaches for you only what is on your own network: neither its own machine, nor another network of it.';
    case 'unreachable':
      return 'Nothing answers at that address and port, or the connection broke.';
    case 'not-http':
      return 'Something answers at that address and port, but not in HTTP. It may be another service, or want https where http was asked.';
    case 'silent':
      return 'The device was silent for too long. What it was asked may still have happened.';
    case 'redirect':
      return 'The device pointed elsewhere. Requests with a token are not taken elsewhere.';
    case 'answer-too-large':
      return 'The device answered with more than the app reads.';
    case 'certificate-changed':
      return 'The device shows another certificate than before, so the token was not sent. If you replaced its certificate, remove its line from device-certificates.json in the host’s data folder.';
  }
}
