/** What the connection doctor says: one sentence or two a reason, and what its button says. */
import type { Cause, Remedy } from '../../model/device/diagnosis.ts';
import { formProblemInWords } from './form-problem.ts';

/** Why the device at `host` is not reached, or what its answer shows. */
export function causeInWords(cause: Cause & { readonly host: string }): string {
  const { host } = cause;
  switch (cause.kind) {
    case 'offline':
      return 'This phone or computer is in no network. Join the device’s Wi-Fi, then try again.';
    case 'mixed-content':
      return `This browser lets no https page reach ${host}, which speaks http.`;
    case 'page-not-secure':
      return 'This page came over http from outside of your network, so the browser lets it reach no device in it.';
    case 'permission-not-asked':
      return `The browser has not been allowed yet to reach devices in your network, so nothing was sent to ${host}.`;
    case 'permission-denied':
      return `The browser was told to keep this page from devices in your network, so nothing was sent to ${host}.`;
    case 'blocked-by-policy':
      return `The security policy this page was served with keeps it from ${host}.`;
    case 'cors-missing':
      // A refusal of the server itself (a host that is not trusted, a route that is not there) looks just the same.
      return `Something answers at ${host}, but does not let this page read it: most likely the device does not list ${cause.page}. If it has a list of trusted hosts, it may lack ${cause.hosts.join(' and ')}.${
        cause.mayLackStatus
          ? ' A device built to the documentation may have no status to read: if it lists this page, it takes updates all the same.'
          : ''
      }`;
    case 'header-missing':
      return `The device at ${host} lists this page, but not the header that carries the token.`;
    case 'header-refused':
      return `The device at ${host} takes no token in the one header that its list lets this page send. It may read the other one, which its list lacks. Else the token or the path of its updates is wrong.`;
    case 'header-not-passed':
      return `The gateway passes on no token in the header ${cause.tokenHeader}: it says something else, or no browser sends it.`;
    case 'bad-port':
      return `Browsers send nothing to port ${cause.port}, whatever listens there: it is kept for another protocol. Let the device listen at another port, such as 8080.`;
    case 'wrong-port':
      return `No answer in HTTP came from ${host}, but one comes from port ${cause.port} of ${cause.hostname}.`;
    case 'port-closed':
      return cause.isIpAddress
        ? `No answer in HTTP came from ${host}. The device may use another port, want https instead of http, be starting, or run without its server.`
        : `No answer in HTTP came from ${host}. No device may have that name here, or it listens at another port: try its IP address.`;
    case 'no-such-name':
      return `No device called ${cause.hostname} was found. It is off, in another network, or this phone or computer cannot look up such names: use its IP address.`;
    case 'no-answer':
      return cause.gatewaySaid === null
        ? `Nothing answers at ${host}. The device is off, in another network, or has another address now.`
        : gatewaySays(host, cause.gatewaySaid);
    case 'gateway-refused':
      return cause.gatewaySaid === null
        ? `The gateway reaches devices on private networks only, and ${host} is not on one.`
        : gatewaySays(host, cause.gatewaySaid);
    case 'gateway-gone':
      return 'The computer that runs Moult does not answer, so its gateway reaches no device. Wake it or start Moult on it, and join its network.';
    case 'not-http':
      return `Something answers at ${host}, but not in HTTP: another service, or a device that wants https where http was typed.`;
    case 'redirects':
      return `What answers at ${host} points to another address, as a page to sign in does. A token is not taken there: use the address at which the device itself answers.`;
    case 'certificate':
      // The browser's reason is told to nobody but the person, in a tab.
      return `There is no secure connection to ${host}. The browser may not trust its certificate, nothing may listen there, or the device runs with http2=True, which browsers cannot speak with it: https alone works.`;
    case 'busy':
      return `What answers at ${host} could not serve this request. The device may be busy or starting.`;
    case 'answers':
      return `The device answers at ${host}, and has its update routes at ${cause.prefix}.`;
    case 'cannot-tell':
      return `Something answers at ${host}, and nothing in its answer shows a device. One built to the documentation may have no status to ask for: then only an update tells.`;
    case 'wrong-prefix':
      return `Something answers at ${host}, but has nothing at ${cause.prefix}/status. If it is the device, its updates are off, or live under another path.`;
    case 'other-prefix':
      return `The device at ${host} tells that its updates live under ${cause.prefix}. Here it is saved with ${cause.saved}.`;
    case 'other-dialect':
      return `The device at ${host} speaks “as ${cause.dialect}”, and here it is set to “as ${cause.protocol}”. “Automatic” finds the right one.`;
    case 'ota-off':
      return `The device at ${host} tells what it serves, and no updates are among it. Its program has to start with ota=True, as here.`;
    case 'wrong-token':
      return `The token was refused at ${host}.`;
    case 'login-wanted':
      return cause.refused
        ? `The device at ${host} refused the user or the password. It has not looked at the token.`
        : `The device at ${host} wants a user and a password before it looks at the token.`;
    case 'banned':
      return `The device at ${host} answers, but takes nothing that comes with this token or password (429). ViperHTTP shuts out for five minutes what it has refused five times in one. Check both, then wait.`;
    case 'too-many-requests':
      return `The device at ${host} answers that it was asked too often (429). That passes in a moment; in five minutes where it was for logins that it refused.`;
    case 'loop-not-running':
      return `The server at ${host} answers, but the program behind it takes up no request, whatever the path (504). Most likely it does not run its loop: it has to end in these lines.`;
    case 'untrusted-host':
      return `The device does not answer to the name ${host}: it is not on its list of trusted hosts.`;
    case 'unsupported':
      return `The device at ${host} says that it cannot be updated over the air: its build has no slots for it.`;
    case 'not-a-device':
      return `What answers at ${host} does not answer as a ViperHTTP device would: a router, perhaps, or another server.`;
  }
}

function gatewaySays(host: string, said: string): string {
  return `The gateway says of ${host}: ${said}`;
}

/** A protocol that was set by hand may be the wrong one. */
function doubtInWords(protocol: string): string {
  return `The protocol was set by hand to “as ${protocol}”. If that is wrong, “Automatic” finds the right one.`;
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
      return 'The browser will ask whether this page may reach devices in your local network. Choose Allow.';
    case 'site-settings':
      return 'Open the settings of this site beside the address bar, set Local network access to Allow, and load the page again.';
    case 'run-host':
      return 'In the folder of Moult’s source, on a computer in the same network:';
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

/** All that the doctor says, for who loads it late. */
export const doctorWords = {
  cause: causeInWords,
  doubt: doubtInWords,
  button: remedyInWords,
  hint: hintInWords,
  notSaved: formProblemInWords,
} as const;
