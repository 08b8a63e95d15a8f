/** Which names the header with a device's token may have. */

/** The header that published ViperHTTP firmware reads the token from, unless it is told otherwise. */
export const DEFAULT_TOKEN_HEADER = 'X-OTA-Token';

/**
 * Header names that a page cannot set: `fetch` drops them without a word (Fetch, "forbidden request-header"), and the
 * token would arrive nowhere.
 */
const NEVER_SENT =
  /^(?:accept-(?:charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|(?:proxy|sec)-.*)$/i;

export function isNeverSent(header: string): boolean {
  return NEVER_SENT.test(header);
}

/** RFC 9110, 5.6.2. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** These have a meaning of their own: they say what is asked for and how, and tell the host who asks. */
const TAKEN =
  /^(accept|accept-language|content-.*|if-.*|range|user-agent|x-http-method.*|x-method-override|x-requested-with|x-moult|moult-.*)$/;
/** By these a proxy in front of a device tells it who was let in, from where and for what. */
const FORWARDING =
  /^(forwarded|x-forwarded.*|(x-)?(real|client|cluster-client|true-client|remote)-(ip|addr|user)|x-(host|original|rewrite)(-.*)?|x-remote-.*)$/;

/**
 * Why no token is sent under a name. `header-characters`: it is no header's name. `header-never-sent`: no browser lets a page
 * send it. `header-taken`: it says something else, to the device, the host or a proxy.
 */
export type WrongTokenHeader = 'header-characters' | 'header-never-sent' | 'header-taken';

/** Null: a page can send a token under this name, and so can the gateway, to a device that means nothing else by it. */
export function wrongInTokenHeader(name: string): WrongTokenHeader | null {
  const lower = name.toLowerCase();
  if (!NAME.test(lower)) return 'header-characters';
  if (isNeverSent(lower)) return 'header-never-sent';
  return TAKEN.test(lower) || FORWARDING.test(lower) ? 'header-taken' : null;
}

export function isTokenHeader(name: string): boolean {
  return wrongInTokenHeader(name) === null;
}
