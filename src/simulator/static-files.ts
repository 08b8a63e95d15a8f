/** A folder that the app on the device serves itself (`app.mount`): before the token, to anyone. */
import { plain, SERVER_WORDS } from './answers.ts';

export interface Mount {
  /** `/moult`: starts with a slash, no slash at the end. */
  readonly path: string;
  /** By name relative to the folder. `name.gz` beside `name` is sent instead where the client takes gzip. */
  readonly files: ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array<ArrayBuffer> }>;
}

/** Null where `url` is outside the folder. A folder's own address answers with its `index.html`. */
export function answerStatic(mount: Mount | null, request: Request, url: URL): Response | null {
  if (mount === null) return null;
  if (url.pathname !== mount.path && !url.pathname.startsWith(`${mount.path}/`)) return null;
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, SERVER_WORDS[405]);
  const rest = url.pathname.slice(mount.path.length + 1);
  const name = rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest;
  const file = mount.files.get(name);
  const packed =
    request.headers.get('Accept-Encoding')?.includes('gzip') === true ? mount.files.get(`${name}.gz`) : undefined;
  const type = file?.type ?? packed?.type;
  const body = (packed ?? file)?.body;
  if (type === undefined || body === undefined) return plain(404, SERVER_WORDS[404]);
  const headers = new Headers({ 'Content-Type': type, 'Content-Length': String(body.length) });
  if (packed) headers.set('Content-Encoding', 'gzip');
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}
