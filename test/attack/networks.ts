/**
 * A home of network namespaces, for attacks that only separate machines can make: a phone, a second one, a device, this
 * machine with the host, and a container beside it, on a network that only this machine is in. No packet leaves them.
 * Linux, with the right to make namespaces.
 */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Asked, Told } from './inmate.ts';

const INMATE = fileURLToPath(new URL('inmate.ts', import.meta.url));

export const MACHINES = {
  host: '192.168.77.1',
  phone: '192.168.77.20',
  otherPhone: '192.168.77.21',
  device: '192.168.77.50',
  container: '172.17.0.2',
} as const;
export type Machine = keyof typeof MACHINES;

/** The host's own end of the containers' network. */
export const CONTAINERS = '172.17.0.1';

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Null where namespaces can be made; else why not, in words. */
export function whyNoNetworks(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  const name = `moult-${randomBytes(4).toString('hex')}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return null;
  } catch {
    return 'this account may not make network namespaces, or there is no "ip"';
  }
}

/** One machine, and the program that does there what a test says. */
class Inhabitant {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: ((told: Told) => void)[] = [];

  constructor(namespace: string) {
    const command = ['netns', 'exec', namespace, process.execPath, '--import=tsx', INMATE];
    this.#child = spawn('ip', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as Told);
    });
  }

  /** Answers come back in the order of the questions. */
  do(asked: Asked): Promise<Told> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${JSON.stringify(asked)}\n`);
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.stdin.end();
    });
  }
}

export class Networks {
  readonly #mark = randomBytes(2).toString('hex');
  readonly #machines = new Map<Machine, Inhabitant>();

  constructor() {
    for (const machine of Object.keys(MACHINES) as Machine[]) {
      ip('netns', 'add', this.namespace(machine));
      ip('-n', this.namespace(machine), 'link', 'set', 'lo', 'up');
    }
    const host = this.namespace('host');
    ip('-n', host, 'link', 'add', 'lan', 'type', 'bridge');
    ip('-n', host, 'addr', 'add', `${MACHINES.host}/24`, 'dev', 'lan');
    ip('-n', host, 'link', 'set', 'lan', 'up');
    for (const machine of ['phone', 'otherPhone', 'device'] as const) {
      const there = this.namespace(machine);
      ip('-n', host, 'link', 'add', machine, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', there);
      ip('-n', host, 'link', 'set', machine, 'master', 'lan', 'up');
      this.#join(machine, 24, MACHINES.host);
    }
    const container = this.namespace('container');
    ip('-n', host, 'link', 'add', 'containers', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', container);
    ip('-n', host, 'addr', 'add', `${CONTAINERS}/16`, 'dev', 'containers');
    ip('-n', host, 'link', 'set', 'containers', 'up');
    this.#join('container', 16, CONTAINERS);
  }

  namespace(machine: Machine): string {
    return `moult-${this.#mark}-${machine}`;
  }

  at(machine: Machine): Inhabitant {
    const there = this.#machines.get(machine) ?? new Inhabitant(this.namespace(machine));
    this.#machines.set(machine, there);
    return there;
  }

  async end(): Promise<void> {
    await Promise.all([...this.#machines.values()].map((machine) => machine.end()));
    for (const machine of Object.keys(MACHINES) as Machine[]) ip('netns', 'del', this.namespace(machine));
  }

  #join(machine: Machine, bits: number, router: string): void {
    const there = this.namespace(machine);
    ip('-n', there, 'addr', 'add', `${MACHINES[machine]}/${bits}`, 'dev', 'eth0');
    ip('-n', there, 'link', 'set', 'eth0', 'up');
    ip('-n', there, 'route', 'add', 'default', 'via', router);
  }
}
