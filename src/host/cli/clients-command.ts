/** `moult clients`: who is paired with the host, and who is no longer. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Clients, type Client } from '../serve/clients.ts';
import type { Print } from './output.ts';
import { parsed, UsageError } from './usage.ts';
import { userDataFolder } from '../data/user-data.ts';

export const CLIENTS_USAGE = `moult clients              list the browsers that are paired with the host
  --revoke ID              pair one no longer; it is refused from then on
  --data DIR               the host's folder`;

/** Nobody goes by that ID. */
const NOT_THERE = 1;

export async function clientsCommand(args: readonly string[], print: Print, complain: Print): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({ args: [...args], options: { revoke: { type: 'string' }, data: { type: 'string' } } }),
  );
  if (values.revoke === '') throw new UsageError('--revoke takes the ID of a browser, as "moult clients" shows it.');
  const folder = resolve(values.data ?? userDataFolder());
  const clients = new Clients(folder, undefined, (trouble) => complain(trouble.message));
  if (values.revoke === undefined) {
    const lines = clients.list().map(inOneLine);
    print(lines.length === 0 ? 'No browser is paired.' : lines.join('\n'));
    return 0;
  }
  const { revoke: id } = values;
  if (await clients.revoke(id)) {
    print(`${id} is paired no longer.`);
    return 0;
  }
  complain(`No paired browser goes by "${id}".`);
  return NOT_THERE;
}

function inOneLine({ id, name, pairedAt }: Client): string {
  return `${id}  paired ${new Date(pairedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC  ${name}`;
}
