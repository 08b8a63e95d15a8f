/** What the connection doctor says: one sentence a reason, and one thing to do. */
import type { Remedy } from '../../model/remedy.ts';
import { corsLines, hostHint, hostsOf } from '../viperhttp/device-lines.ts';
import { isIpAddress } from '../host-name.ts';
import { dialectOf, hasLogin, type DeviceTarget } from '../target.ts';
import { traitsOf } from '../../model/dialect.ts';

/** What stands between the page and the device, or that nothing answers there. */
export type WayKind =
  | 'offline'
  | 'mixed-content'
  | 'page-not-secure'
  | 'permission-not-asked'
  | 'permission-denied'
  | 'blocked-by-policy'
  | 'cors-missing'
  | 'header-missing'
  | 'header-refused'
  | 'header-not-passed'
  | 'bad-port'
  | 'wrong-port'
  | 'port-closed'
  | 'no-such-name'
  | 'no-answer'
  | 'not-http'
  | 'redirects'
  | 'certificate'
  | 'busy'
  | 'gateway-gone'
  | 'gateway-refused';

/** What an answer that could be read came to (`told.ts`). */
export type AnswerKind =
  | 'answers'
  | 'cannot-tell'
  | 'wrong-prefix'
  | 'other-prefix'
  | 'other-dialect'
  | 'ota-off'
  | 'wrong-token'
  | 'login-wanted'
  | 'banned'
  | 'too-many-requests'
  | 'loop-not-running'
  | 'untrusted-host'
  | 'unsupported'
  | 'not-a-device';

export type DiagnosisKind = WayKind | AnswerKind;

export interface Diagnosis {
  readonly kind: DiagnosisKind;
  readonly sentence: string;
  readonly remedy: Remedy;
}

interface Surroundings {
  readonly page: { readonly origin: string };
  readonly gateway: boolean;
}

/** A text that goes into the device's own program. */
export const LINES = { label: 'Copy the lines for the device', about: 'Lines for the device' } as const;
export const AGAIN: Remedy = { kind: 'try-again', label: 'Try again' };
export const EDIT_ADDRESS: Remedy = { kind: 'edit-device', label: 'Edit address', field: 'address' };

/** The diagnosis of one kind, in words, for this device and this page. `port`: the one that answers (`wrong-port`). */
export function says(kind: WayKind, target: DeviceTarget, around: Surroundings, port = 0): Diagnosis {
  const { host, hostname } = new URL(target.origin);
  const where = host;
  switch (kind) {
    case 'offline':
      return {
        kind,
        sentence: 'This phone or computer is in no network. Join the device’s Wi-Fi, then try again.',
        remedy: AGAIN,
      };
    case 'mixed-content':
      return {
        kind,
        sentence: `This browser lets no https page reach ${where}, which speaks http.`,
        remedy: elsewhere(around),
      };
    case 'page-not-secure':
      return {
        kind,
        sentence: `This page came over http from outside of your network, so the browser lets it reach no device in it.`,
        remedy: {
          kind: 'open-in-tab',
          label: 'Open this page over https',
          url: around.page.origin.replace(/^http:/, 'https:'),
        },
      };
    case 'permission-not-asked':
      return {
        kind,
        sentence: `The browser has not been allowed yet to reach devices in your network, so nothing was sent to ${where}.`,
        remedy: {
          kind: 'allow-local-network',
          label: 'Allow local network',
          text: 'The browser will ask whether this page may reach devices in your local network. Choose Allow.',
        },
      };
    case 'permission-denied':
      return {
        kind,
        sentence: `The browser was told to keep this page from devices in your network, so nothing was sent to ${where}.`,
        remedy: {
          kind: 'site-settings',
          label: 'How to allow it',
          text: 'Open the settings of this site beside the address bar, set Local network access to Allow, and load the page again.',
        },
      };
    case 'blocked-by-policy':
      return {
        kind,
        sentence: `The security policy this page was served with keeps it from ${where}.`,
        remedy: around.gateway
          ? elsewhere(around)
          : {
              kind: 'copy-policy',
              label: 'Copy the policy',
              about: 'Line for the policy',
              text: "connect-src 'self' http: https:",
            },
      };
    case 'cors-missing':
      return {
        kind,
        // A refusal of the server itself (a host that is not trusted, a route that is not there) looks just the same.
        sentence: `Something answers at ${where}, but does not let this page read it: most likely the device does not list ${around.page.origin}. If it has a list of trusted hosts, it may lack ${hostsOf(target.origin).join(' and ')}.${
          traitsOf(dialectOf(target))?.isRecognised === true
            ? ''
            : ' A device built to the documentation may have no status to read: if it lists this page, it takes updates all the same.'
        }`,
        remedy: cors(target, around),
      };
    case 'header-missing':
      return {
        kind,
        sentence: `The device at ${where} lists this page, but not the header that carries the token.`,
        remedy: cors(target, around),
      };
    case 'header-refused':
      return {
        kind,
        sentence: `The device at ${where} takes no token in the one header that its list lets this page send. It may read the other one, which its list lacks. Else the token or the path of its updates is wrong.`,
        remedy: cors(target, around),
      };
    case 'header-not-passed':
      return {
        kind,
        sentence: `The gateway passes on no token in the header ${target.tokenHeader}: it says something else, or no browser sends it.`,
        remedy: { kind: 'edit-device', label: 'Edit token header', field: 'tokenHeader' },
      };
    case 'bad-port':
      return {
        kind,
        sentence: `Browsers send nothing to port ${new URL(target.origin).port}, whatever listens there: it is kept for another protocol. Let the device listen at another port, such as 8080.`,
        remedy: EDIT_ADDRESS,
      };
    case 'wrong-port':
      return {
        kind,
        sentence: `No answer in HTTP came from ${where}, but one comes from port ${port} of ${hostname}.`,
        remedy: { kind: 'try-port', label: `Try port ${port}`, port, origin: withPort(target.origin, port) },
      };
    case 'port-closed':
      return {
        kind,
        sentence: isIpAddress(hostname)
          ? `No answer in HTTP came from ${where}. The device may use another port, want https instead of http, be starting, or run without its server.`
          : `No answer in HTTP came from ${where}. No device may have that name here, or it listens at another port: try its IP address.`,
        remedy: EDIT_ADDRESS,
      };
    case 'no-such-name':
      return {
        kind,
        sentence: `No device called ${hostname} was found. It is off, in another network, or this phone or computer cannot look up such names: use its IP address.`,
        remedy: EDIT_ADDRESS,
      };
    case 'no-answer':
      return {
        kind,
        sentence: `Nothing answers at ${where}. The device is off, in another network, or has another address now.`,
        remedy: AGAIN,
      };
    case 'not-http':
      return {
        kind,
        sentence: `Something answers at ${where}, but not in HTTP: another service, or a device that wants https where http was typed.`,
        remedy: EDIT_ADDRESS,
      };
    case 'redirects':
      return {
        kind,
        sentence: `What answers at ${where} points to another address, as a page to sign in does. A token is not taken there: use the address at which the device itself answers.`,
        remedy: EDIT_ADDRESS,
      };
    case 'certificate':
      return {
        kind,
        // The browser's reason is told to nobody but the person, in a tab.
        sentence: `There is no secure connection to ${where}. The browser may not trust its certificate, nothing may listen there, or the device runs with http2=True, which browsers cannot speak with it: https alone works.`,
        remedy: around.gateway
          ? elsewhere(around)
          : { kind: 'open-in-tab', label: 'Open the device in a tab', url: `${target.origin}/` },
      };
    case 'busy':
      return {
        kind,
        sentence: `What answers at ${where} could not serve this request. The device may be busy or starting.`,
        remedy: AGAIN,
      };
    case 'gateway-refused':
      return {
        kind,
        sentence: `The gateway reaches devices on private networks only, and ${where} is not on one.`,
        remedy: EDIT_ADDRESS,
      };
    case 'gateway-gone':
      return {
        kind,
        sentence:
          'The computer that runs Moult does not answer, so its gateway reaches no device. Wake it or start Moult on it, and join its network.',
        remedy: AGAIN,
      };
  }
}

/** The README's own line. */
const HOST_COMMAND = 'npm ci && npm start';

/** The way around the browser: the gateway where there is one, else the command that brings one. */
function elsewhere(around: Surroundings): Remedy {
  return around.gateway
    ? { kind: 'use-gateway', label: 'Use the gateway' }
    : {
        kind: 'run-host',
        label: 'Copy the command',
        about: 'In the folder of Moult’s source, on a computer in the same network',
        text: HOST_COMMAND,
      };
}

function cors(target: DeviceTarget, around: Surroundings): Remedy {
  if (around.gateway) return elsewhere(around);
  const lines = corsLines(around.page.origin, dialectOf(target), target.tokenHeader, hasLogin(target));
  const text = `${lines}\n\n${hostHint(target.origin)}`;
  return { kind: 'copy-cors-lines', ...LINES, text };
}

function withPort(origin: string, port: number): string {
  const url = new URL(origin);
  url.port = String(port);
  return url.origin;
}
