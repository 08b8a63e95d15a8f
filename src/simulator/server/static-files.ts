/** A folder that the app on the device serves itself (`app.mount`): before the token, to anyone. */
import { plain, SERVER_WORDS } from '../answers.ts';
import type { Call } from '../call.ts';

export interface Mount {
  /** `/moult`: starts with a slash, no slash at the end. */
  readonly path: string;
  /** By name relative to the folder. `name.gz` beside `name` is sent instead where the client takes gzip. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array<ArrayBuffer> }>;
}

/** Null where `call` is not for the folder. The address of a folder answers with its `index.html`. */
export function answerStatic(mount: Mount | null, call: Call): Response | null {
  if (mount === null) return null;
  if (call.path !== mount.path && !call.path.startsWith(`${mount.path}/`)) return null;
  if (call.method !== 'GET' && call.method !== 'HEAD') return plain(405, SERVER_WORDS[405]);
  const rest = call.path.slice(mount.path.length + 1);
  const name = rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest;
  const file = mount.files.get(name);
  const packed = call.header('accept-encoding')?.includes('gzip') === true ? mount.files.get(`${name}.gz`) : undefined;
  const type = file?.type ?? packed?.type;
  const body = (packed ?? file)?.body;
  if (type === undefined || body === undefined) return plain(404, SERVER_WORDS[404]);
  const headers = new Headers({ 'Content-Type': type, 'Content-Length': String(body.length) });
  if (packed) headers.set('Content-Encoding', 'gzip');
  return new Response(call.method === 'HEAD' ? null : body, { headers });
}
