/** What a device tells of itself without a token, in words. */
import { DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
import type { SelfTold } from '../../model/device/self-told.ts';
import { appInWords } from './app-told.ts';
import { identityText } from './identity.ts';

/**
 * One sentence or two under the address; empty where there is nothing to say. `routes`: those for updates that count,
 * null where it lists none.
 */
export function selfToldInWords(told: SelfTold, routes: { readonly prefix: string } | null): string {
  if (told.other !== undefined) return `This is ${identityText(told.other.identity)}. It takes whole files.`;
  if (!told.isViper && routes === null) return '';
  const app = appInWords(told);
  const who = app === null ? 'A ViperHTTP device answers there' : `This is ${app}`;
  if (routes === null) return `${who}. It lists no updates: its program must start with ota=True.`;
  const where = routes.prefix === DEFAULT_PREFIX ? '' : ` under ${routes.prefix}`;
  return `${who}. It takes updates${where}.`;
}
