/** The answers of a WLED lamp: HTML pages, and JSON. A page of any origin may read all of them. */

export const SHARED = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Allow-Headers': '*',
} as const;

export function page(status: number, head: string, words: string): Response {
  const body = `<!DOCTYPE html><html lang="en"><head><title>WLED Message</title></head><body><h2>${head}</h2>${words}<br><br><button type="button" class="bt" onclick="B()">Back</button></body></html>`;
  return new Response(body, { status, headers: { ...SHARED, 'Content-Type': 'text/html' } });
}

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...SHARED, 'Content-Type': 'application/json' } });
}

export const accessDenied = (why: string): Response => page(401, 'Access Denied', why);
export const OTA_LOCKED = 'Please unlock OTA in security settings!';
export const PIN_WANTED = 'Please unlock settings using PIN code!';
export const OTHER_SUBNET = 'Client is not on local subnet.';

/** The form for the PIN, which is shown in the place of every page that wants it. */
export const pinPage = (): Response => page(401, 'PIN required', '<form method="post"><input name="PIN"></form>');
export const updatePage = (): Response => page(200, 'WLED Software Update', '<form method="POST"></form>');
export const notBuiltIn = (): Response => page(501, 'Not implemented', 'This build does not support OTA update.');
export const notFound = (): Response => page(404, '404', 'Not found');
export const failed = (why: string): Response => page(500, 'Update failed!', why);
export const succeeded = (): Response => page(200, 'Update successful!', 'Rebooting now...');

/** The answer to a preflight. */
export function preflight(): Response {
  return new Response(null, { status: 200, headers: { ...SHARED, 'Access-Control-Max-Age': '7200' } });
}

/** What another server would answer. */
export function somebodyElse(): Response {
  return new Response('<!doctype html><title>Router login</title><h1>Log in</h1>', {
    headers: { 'Content-Type': 'text/html' },
  });
}
