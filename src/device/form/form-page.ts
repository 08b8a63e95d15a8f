/**
 * The page on which a device takes firmware: what it was made with, as far as that shows, and the name of the field for
 * the file. Sources: docs/protocol.md.
 */
import type { Answer } from '../answer.ts';

/**
 * `update-server`: Arduino's own library, known by its two forms; it throws an upload away that broke off. `elegant-2`,
 * `elegant-3`: ElegantOTA. `plain`: a form of the sketch's own, of which no more is known.
 */
export interface FormPage {
  readonly made: 'update-server' | 'elegant-2' | 'elegant-3' | 'plain';
  /** The name of the file's own field. */
  readonly field: string;
}

/** Where such pages are, and where nearly all of them send the file. */
export const UPDATE = '/update';

/** Fields for files that are no firmware. */
const FOR_FILES = /^(filesystem|fs|spiffs|littlefs|data)$/i;
const FIELD = /^[\w.-]{1,40}$/;
/** How much of a tag is read, in characters. */
const LONGEST_TAG = 500;

/**
 * Null: it is no such page.
 *
 * @param path that it was asked for at
 */
export function readPage({ status, text }: Pick<Answer, 'status' | 'text'>, path: string): FormPage | null {
  if (status !== 200) return null;
  if (text.includes('/ota/start')) return { made: 'elegant-3', field: 'file' };
  if (/<title>\s*ElegantOTA\s*<\/title>/i.test(text)) return { made: 'elegant-2', field: 'file' };
  const fields = tags(text, 'input')
    .filter((tag) => /^file$/i.test(attribute(tag, 'type')))
    .map((tag) => attribute(tag, 'name'));
  const field = fields.find((name) => !FOR_FILES.test(name)) ?? null;
  if (field === null || !leadsToUpdate(text, path)) return null;
  const isLibrary = fields.includes('firmware') && fields.includes('filesystem') && /Update Firmware/i.test(text);
  if (isLibrary) return { made: 'update-server', field: 'firmware' };
  // A script that takes the file from the field needs no name there.
  return { made: 'plain', field: FIELD.test(field) ? field : 'update' };
}

/** Whether the file is sent to `/update`: by the form, or by a script in its place. */
function leadsToUpdate(text: string, path: string): boolean {
  const actions = tags(text, 'form').map((tag) => attribute(tag, 'action'));
  const here = path === UPDATE && actions.some((action) => action === '' || action === '#');
  return here || actions.includes(UPDATE) || /["']\/update["']/.test(text);
}

function tags(text: string, name: string): readonly string[] {
  return text.match(new RegExp(`<${name}\\b[^>]{0,${LONGEST_TAG}}>`, 'gi')) ?? [];
}

/** Empty: it has none. */
function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
