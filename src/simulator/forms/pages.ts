/** The answers of a simulated device that takes firmware by a form: its page, and what it says of an upload. */

export function html(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/html' } });
}

export function plain(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'text/plain' } });
}

export function json(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' } });
}

function form(action: string, field: string, button: string): string {
  return `<form method='POST' action='${action}' enctype='multipart/form-data'><input type='file' accept='.bin' name='${field}'><input type='submit' value='${button}'></form>`;
}

function inPage(title: string, body: string): string {
  return `<!DOCTYPE html><html lang='en'><head><title>${title}</title></head><body>${body}</body></html>`;
}

/** The page of Arduino's own library: one form for firmware, one for files. */
export function updateServerPage(): Response {
  return html(inPage('', form('', 'firmware', 'Update Firmware') + form('', 'filesystem', 'Update FileSystem')));
}

/** The page of a sketch with a form of its own. */
export function sketchPage(path: string): Response {
  return html(inPage('ESP', form(path, 'update', 'Update')));
}

/**
 * A page that is one script, which is always served compressed.
 *
 * @param asks the path that its script asks for
 */
export function elegantPage(title: string, asks: string): Response {
  const text = inPage(title, `<div id="app"></div><script>fetch("${asks}")</script>`);
  return new Response(text, { headers: { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' } });
}

export const SUCCESS = '<META http-equiv="refresh" content="15;URL=/">Update Success! Rebooting...';

export function signIn(): Response {
  const headers = { 'Content-Type': 'text/html', 'WWW-Authenticate': 'Basic realm="Login Required"' };
  return new Response('', { status: 401, headers });
}

export function notFound(): Response {
  return plain('Not found', 404);
}

/** Lets a page of any origin read it, and send what headers it likes. */
export function shared(response: Response): Response {
  response.headers.set('Access-Control-Allow-Origin', '*');
  response.headers.set('Access-Control-Allow-Headers', '*');
  return response;
}

/** What another server would answer. */
export function somebodyElse(): Response {
  return html('<!doctype html><title>Router login</title><h1>Log in</h1>');
}
