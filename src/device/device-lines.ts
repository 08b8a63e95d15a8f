/** The Python lines that a person puts on the device. */
import type { Dialect } from '../update/ports.ts';

/** Preflights are asked again after this long; every chunk has a URL of its own, so more would not save much. */
const MAX_AGE_SECONDS = 600;

/**
 * Lets a page of `pageOrigin` read the device's answers. Headers are listed by name, since a `*` does not cover
 * `Authorization` (Fetch standard); with the dialect unknown, both are. By the same standard a page elsewhere sees
 * `Retry-After` only where the device names it.
 */
export function corsLines(pageOrigin: string, dialect: Dialect | null, tokenHeader: string): string {
  const headers = [
    ...(dialect === 'shipped' ? [] : ['Authorization']),
    'Content-Type',
    ...(dialect === 'documented' ? [] : [tokenHeader]),
  ];
  return [
    'from viperhttp import middleware as mw',
    '',
    'app.add_middleware(',
    '    mw.CORSMiddleware,',
    `    allow_origins=[${python(pageOrigin)}],`,
    '    allow_methods=["GET", "POST"],',
    `    allow_headers=[${headers.map(python).join(', ')}],`,
    '    expose_headers=["Retry-After"],',
    `    max_age=${MAX_AGE_SECONDS},`,
    ')',
  ].join('\n');
}

/** Turns updates on with this token. The three dots stand for what the app's own line has there. */
export function tokenLines(token: string): string {
  return `app.run(..., ota=True, ota_token=${python(token)})`;
}

/** All that a new device needs: CORS for the page of `pageOrigin`, and updates with this token. */
export function setupLines(pageOrigin: string, token: string, dialect: Dialect | null, tokenHeader: string): string {
  return `${corsLines(pageOrigin, dialect, tokenHeader)}\n\n${tokenLines(token)}`;
}

/** Lets the device be called by this host, beside the ones it has; with a port, both forms are needed. */
export function hostLines(origin: string): string {
  const { hostname, host } = new URL(origin);
  const hosts = hostname === host ? [hostname] : [hostname, host];
  return [
    'from viperhttp import middleware as mw',
    '',
    `app.add_middleware(mw.TrustedHostMiddleware, allowed_hosts=[${hosts.map(python).join(', ')}])`,
  ].join('\n');
}

/** A Python string; JSON's escapes are among Python's. */
function python(text: string): string {
  return JSON.stringify(text);
}
