/**
 * Header names that a page cannot set: `fetch` drops them without a word (Fetch, "forbidden request-header"), and the
 * token would arrive nowhere.
 */
const NEVER_SENT =
  /^(?:accept-(?:charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|(?:proxy|sec)-.*)$/i;

export function isNeverSent(header: string): boolean {
  return NEVER_SENT.test(header);
}
