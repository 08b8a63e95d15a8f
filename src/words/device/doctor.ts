/** What the connection doctor says: one sentence or two a reason, and what its button says. */
import type { Cause, Remedy } from '../../model/device/diagnosis.ts';
import type { Protocol } from '../../model/device/dialect.ts';
import { formProblemInWords } from './dialog/form-problem.ts';
import { choiceInWords, protocolInWords } from './protocol-words.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/** Why the device at `host` is not reached, or what its answer shows. */
export function causeInWords(cause: Cause & { readonly host: string }): string {
  const { host } = cause;
  switch (cause.kind) {
    case 'offline':
      return 'This phone or computer isn’t on a network. Join the device’s Wi-Fi, then try again.';
    case 'mixed-content':
      return `This browser doesn’t let an https page reach ${host}, which uses http.`;
    case 'page-not-secure':
      return 'This page was loaded over http from outside your network, so the browser doesn’t let it reach devices on it.';
    case 'permission-not-asked':
      return `The browser hasn’t been allowed to reach devices on your network yet, so nothing was sent to ${host}.`;
    case 'permission-denied':
      return `The browser is set to block this page from devices on your network, so nothing was sent to ${host}.`;
    case 'blocked-by-policy':
      return `The security policy of this page blocks requests to ${host}.`;
    case 'cors-missing':
      // A refusal of the server itself (a host that is not trusted, a route that is not there) looks just the same.
      return `Something answers at ${host}, but doesn’t let this page read the answer. Most likely the device doesn’t list ${cause.page}. If it has a list of trusted hosts, that may lack ${cause.hosts.join(' and ')}.${
        cause.mayLackStatus
          ? ' A device that follows the documentation may have no status to read; if it lists this page, it still takes updates.'
          : ''
      }`;
    case 'header-missing':
      return `The device at ${host} lists this page, but not the header that carries the token.`;
    case 'header-refused':
      return `The device at ${host} accepts no token in the one header that its list lets this page send. It may read the other one, which its list lacks. Otherwise, the token or the update path is wrong.`;
    case 'header-not-passed':
      return `The gateway doesn’t forward a token in the header ${cause.tokenHeader}: it has another meaning, or browsers never send it.`;
    case 'bad-port':
      return `Browsers never connect to port ${cause.port}: it is reserved for another protocol. Let the device use another port, such as 8080.`;
    case 'wrong-port':
      return `No HTTP answer came from ${host}, but one comes from port ${cause.port} of ${cause.hostname}.`;
    case 'port-closed':
      return cause.isIpAddress
        ? `No HTTP answer came from ${host}. The device may use another port, need https instead of http, be starting, or run without its server.`
        : `No HTTP answer came from ${host}. There may be no device with that name here, or it uses another port: try its IP address.`;
    case 'no-such-name':
      return `No device called ${cause.hostname} was found. It is off or on another network, or this phone or computer can’t look up such names: use its IP address.`;
    case 'no-answer':
      return cause.gatewaySaid === null
        ? `Nothing answers at ${host}. The device is off, on another network, or has a new address.`
        : gatewaySays(host, cause.gatewaySaid);
    case 'gateway-refused':
      return cause.gatewaySaid === null
        ? `The gateway reaches only devices on private networks, and ${host} is not on one.`
        : gatewaySays(host, cause.gatewaySaid);
    case 'gateway-gone':
      return 'The computer that runs Moult doesn’t answer, so its gateway can’t reach any device. Wake it or start Moult on it, and join its network.';
    case 'not-http':
      return `Something answers at ${host}, but not over HTTP: another service, or a device that needs https instead of http.`;
    case 'redirects':
      return `What answers at ${host} redirects to another address, as a sign-in page does. The token isn’t sent there: use the address where the device itself answers.`;
    case 'certificate':
      // The browser shows its reason to nobody but the person, in a tab.
      return `No secure connection to ${host}. The browser may not trust its certificate, nothing may be listening there, or the device runs with http2=True, which browsers can’t use with it: https alone works.`;
    case 'busy':
      return `What answers at ${host} could not handle this request. The device may be busy or starting.`;
    case 'answers':
      return `The device answers at ${host}. Its update path is ${cause.prefix}.`;
    case 'cannot-tell':
      return `Something answers at ${host}, but nothing shows that it is a device. One that follows the documentation may have no status to ask for: then only an update tells.`;
    case 'somebody-answers':
      return `Something answers at ${host}, but nothing shows that it is this device. If a check still fails, check the address.`;
    case 'wrong-prefix':
      return `Something answers at ${host}, but has nothing at ${cause.prefix}${STATUS_ROUTE}. If it is the device, its updates are off or use another path.`;
    case 'other-prefix':
      return `The device at ${host} reports the update path ${cause.prefix}. Here it is saved with ${cause.saved}.`;
    case 'other-dialect':
      return `The device at ${host} uses ${protocolInWords(cause.dialect)}, but here it is set to “${choiceInWords(cause.protocol)}”. “${choiceInWords('automatic')}” finds the right one.`;
    case 'ota-off':
      return `The device at ${host} lists what it serves, and updates are not included. Its program must start with ota=True, as here.`;
    case 'wrong-token':
      return `The device at ${host} refused the token.`;
    case 'login-wanted':
      return cause.refused
        ? `The device at ${host} refused the user or the password. It hasn’t checked the token yet.`
        : `The device at ${host} needs a user and a password before it checks the token.`;
    case 'banned':
      return `The device at ${host} answers, but refuses every request with this token or password (429). ViperHTTP blocks for five minutes after five refusals in one minute. Check both, then wait.`;
    case 'too-many-requests':
      return `The device at ${host} reports too many requests (429). Wait a moment, or five minutes if it refused several logins.`;
    case 'loop-not-running':
      return `The server at ${host} answers, but the program behind it handles no requests (504). Most likely it doesn’t run its loop: it must end with these lines.`;
    case 'untrusted-host':
      return `The device doesn’t accept the name ${host}: it isn’t on its list of trusted hosts.`;
    case 'unsupported':
      return `The device at ${host} reports that it can’t be updated over the air: its build has no update slots.`;
    case 'not-a-device':
      return `What answers at ${host} doesn’t behave like a ViperHTTP device. It may be a router or another server.`;
  }
}

function gatewaySays(host: string, said: string): string {
  return `The gateway says of ${host}: ${said}`;
}

/** A protocol that was set by hand may be the wrong one. */
function doubtInWords(protocol: Protocol): string {
  return `The protocol was set by hand to “${choiceInWords(protocol)}”. If that is wrong, “${choiceInWords('automatic')}” finds the right one.`;
}

/** What the button says. */
export function remedyInWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'copy-cors-lines':
    case 'copy-host-lines':
    case 'copy-loop-lines':
    case 'copy-ota-lines':
      return 'Copy the lines for the device';
    case 'copy-policy':
      return 'Copy the policy';
    case 'run-host':
      return 'Copy the command';
    case 'allow-local-network':
      return 'Allow local network';
    case 'site-settings':
    case 'try-again':
      return 'Try again';
    case 'open-in-tab':
      return remedy.what === 'page' ? 'Open this page over https' : 'Open the device in a tab';
    case 'use-gateway':
      return 'Use the gateway';
    case 'try-port':
      return `Try port ${remedy.port}`;
    case 'use-prefix':
      return `Use ${remedy.prefix}`;
    case 'edit-device':
      return remedy.field === 'login'
        ? `${remedy.saved ? 'Edit' : 'Add'} user and password`
        : `Edit ${EDITED[remedy.field]}`;
  }
}

type Field = Exclude<Extract<Remedy, { kind: 'edit-device' }>['field'], 'login'>;

const EDITED: Readonly<Record<Field, string>> = {
  address: 'address',
  prefix: 'path',
  protocol: 'protocol',
  token: 'token',
  tokenHeader: 'token header',
};

/** What stands before the button, where a tap on it is not all there is to do. */
function hintInWords({ kind }: Remedy): string | null {
  switch (kind) {
    case 'allow-local-network':
      return 'The browser will ask whether this page may reach devices on your local network. Choose Allow.';
    case 'site-settings':
      return 'Open this site’s settings next to the address bar, set Local network access to Allow, and reload the page.';
    case 'run-host':
      return 'In the folder of Moult’s source, on a computer on the same network:';
    case 'copy-cors-lines':
    case 'copy-host-lines':
    case 'copy-loop-lines':
    case 'copy-ota-lines':
    case 'copy-policy':
    case 'open-in-tab':
    case 'use-gateway':
    case 'try-port':
    case 'use-prefix':
    case 'edit-device':
    case 'try-again':
      return null;
  }
}

/** All that the doctor says, in one object that is loaded late. */
export const doctorWords = {
  cause: causeInWords,
  doubt: doubtInWords,
  button: remedyInWords,
  hint: hintInWords,
  notSaved: formProblemInWords,
} as const;
