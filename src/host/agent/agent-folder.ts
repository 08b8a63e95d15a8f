import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DdiServer } from './server/ddi-client.ts';

/** Where an agent's memory of one tenant of one server lies: nothing that a person wrote becomes a path. */
export function agentFolder(dataDir: string, { server, tenant }: DdiServer): string {
  const name = createHash('sha256').update(`${server} ${tenant}`).digest('hex').slice(0, 32);
  return join(dataDir, 'agent', name);
}
