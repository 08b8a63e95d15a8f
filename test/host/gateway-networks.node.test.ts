/** The gateway on a machine with two networks, over real interfaces: in network namespaces, where this system makes them. */
import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Question } from './namespaces/roles.ts';

/** All that runs in there ends with it. */
const ALONE = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child'];
/** Ends a hang; it is done in seconds. */
const LIMIT_MS = 300_000;
const TRY =
  'mount -t tmpfs none /run && ip netns add other && ip link add here0 type veth peer name there0 netns other';

const FROM_PHONE: readonly (readonly [Question, number | string])[] = [
  [['192.168.77.1', '192.168.77.50:8080'], 200],
  [['192.168.77.1', '[fd77::50]:8080'], 200],
  [['192.168.77.1', '172.17.0.2:8080'], 'not-on-link'],
  [['192.168.77.1', '[::ffff:172.17.0.2]:8080'], 'not-on-link'],
  [['192.168.77.1', '192.168.77.1:9002'], 'not-on-link'],
  [['192.168.77.1', '[fd77::1]:9002'], 'not-on-link'],
  [['192.168.77.1', '172.17.0.1:9002'], 'not-on-link'],
  [['192.168.77.1', '127.0.0.1:9002'], 'not-on-link'],
  // By the address of the other network, which the machine answers on its Wi-Fi, too.
  [['172.17.0.1', '172.17.0.2:8080'], 'not-on-link'],
  [['172.17.0.1', '192.168.77.50:8080'], 'not-on-link'],
];
const FROM_THE_MACHINE: typeof FROM_PHONE = [
  [['127.0.0.1', '172.17.0.2:8080'], 200],
  [['127.0.0.1', '192.168.77.50:8080'], 200],
  [['127.0.0.1', '127.0.0.1:9002'], 200],
];

describe('The gateway of a machine with two networks', () => {
  const title = 'takes a phone to its own network, and to nothing else of the machine';
  if (spawnSync('unshare', [...ALONE, 'sh', '-c', TRY]).status !== 0) {
    it.skip(`${title}: skipped, this system makes no network namespaces here`);
    return;
  }

  it(title, async () => {
    const path = (name: string): string => fileURLToPath(new URL(`namespaces/${name}`, import.meta.url));
    const questions = (of: typeof FROM_PHONE): string => JSON.stringify(of.map(([question]) => question));
    const roles = { NODE: process.execPath, ROLES: path('roles.ts') };
    const env = { ...process.env, ...roles, PHONE: questions(FROM_PHONE), MACHINE: questions(FROM_THE_MACHINE) };
    const { stdout } = await promisify(execFile)('unshare', [...ALONE, 'sh', path('setup.sh')], {
      env,
      timeout: LIMIT_MS,
    });
    const [phone = '', machine = ''] = stdout.trim().split('\n');
    const expected = (of: typeof FROM_PHONE): unknown => of.map(([question, answer]) => [question, answer]);
    const got = (of: typeof FROM_PHONE, answers: string): unknown =>
      (JSON.parse(answers) as unknown[]).map((answer, i) => [of[i]?.[0], answer]);
    expect(got(FROM_PHONE, phone)).to.deep.equal(expected(FROM_PHONE));
    expect(got(FROM_THE_MACHINE, machine)).to.deep.equal(expected(FROM_THE_MACHINE));
  });
});
