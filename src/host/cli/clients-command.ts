/** `moult clients`: who is paired with the host, and who is no longer. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clientLine, NONE_PAIRED, noSuchClientText, revokedText } from '../../words/cli/clients.ts';
import { Clients } from '../serve/clients.ts';
import type { Print } from './output.ts';
import { parsed, UsageError } from './usage.ts';
import { userDataFolder } from '../data/user-data.ts';

/** No paired browser has that ID. */
const NOT_THERE = 1;

export async function clientsCommand(args: readonly string[], print: Print, complain: Print): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({ args: [...args], options: { revoke: { type: 'string' }, data: { type: 'string' } } }),
  );
  if (values.revoke === '') throw new UsageError({ kind: 'revoke-without-id' });
  const folder = resolve(values.data ?? userDataFolder());
  const clients = new Clients(folder, undefined, (trouble) => complain(trouble.message));
  if (values.revoke === undefined) {
    const lines = clients.list().map(({ id, name, pairedAt }) => clientLine(id, pairedAt, name));
    print(lines.length === 0 ? NONE_PAIRED : lines.join('\n'));
    return 0;
  }
  const { revoke: id } = values;
  if (await clients.revoke(id)) {
    print(revokedText(id));
    return 0;
  }
  complain(noSuchClientText(id));
  return NOT_THERE;
}
