/** Said where a link leads to an update, and nothing that is loaded from a host can be. */
export const LINK_NEEDS_HOST =
  'The link leads to an update on a host, and this page has none that lets it in. Pair this browser with the host, and open the link again.';
