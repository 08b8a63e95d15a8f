/** What `moult serve` says in the terminal. */

/** Where phones come in: the addresses, and the code to scan for the first of them. */
export interface Entrance {
  readonly code: string;
  readonly urls: readonly string[];
}

export interface GreetingFacts {
  readonly url: string;
  /** Null where the host keeps to this machine. `open`: it asks nobody to be paired. */
  readonly lan:
    | { readonly kind: 'off-network' }
    | {
        readonly kind: 'on-network';
        readonly entrance: Entrance;
        readonly open: boolean;
        readonly secure: readonly string[];
        readonly fingerprint: string;
      }
    | null;
  readonly simulated: readonly SimulatedLine[];
}

interface SimulatedLine {
  readonly name: string;
  /** What it is, where it is no ViperHTTP device. */
  readonly what?: string;
  readonly address: string;
  /** Its token, or in the place of one a password; empty: neither. */
  readonly token: string;
  /** Whose password it is. */
  readonly user?: string;
}

export function greetingText({ url, lan, simulated }: GreetingFacts): string {
  const lines = ['', `Moult is open at  ${url}`];
  if (lan?.kind === 'on-network') {
    lines.push('', 'For a phone on this network, scan this code or open the address and follow the steps there:', '');
    lines.push(...entranceLines(lan.entrance));
    if (lan.open) lines.push('', 'Open: every browser on this network can reach devices through this host (--open).');
    lines.push('', 'Once its certificate is trusted:', ...lan.secure.map((address) => `  ${address}`));
    lines.push('', `Fingerprint of the certificate (SHA-256):\n  ${lan.fingerprint}`);
  } else if (lan !== null) {
    lines.push('', 'This machine is not on a private network now. Phones can connect as soon as it is.');
  }
  if (simulated.length > 0) lines.push('', 'Simulated devices, for this machine:');
  for (const { name, what, address, token, user } of simulated) {
    lines.push(`  ${what === undefined ? name : `${name} (${what})`}  ${address}`);
    const secret = what === undefined ? 'token' : user === undefined ? 'password' : `user ${user}, password`;
    if (token !== '') lines.push(`    ${secret} ${token}`);
  }
  lines.push('', 'Stop it with Ctrl+C.');
  return lines.join('\n');
}

/** Once a browser was paired: its code is used up, and the next one needs another. `entrance`: null without a network. */
export function pairedText(name: string, id: string, entrance: Entrance | null): string {
  const lines = ['', `Paired: ${name} (${id}). If that was not you: moult clients --revoke ${id}`];
  if (entrance !== null) lines.push('', 'For another browser:', '', ...entranceLines(entrance));
  return lines.join('\n');
}

function entranceLines({ code, urls }: Entrance): readonly string[] {
  return [code, ...urls.map((url) => `  ${url}`)];
}

export const STOPPING = 'Stopping.';

/** `trouble`: why a port cannot be had, in words. */
export function tryPortText(trouble: string, option: string, port: number): string {
  const said = `--${option} ${port}`;
  // After a clone there is no `moult` on the path, only `npm start`.
  return `${trouble}\nFor example: npm start -- ${said}, or moult serve ${said}`;
}
