/** Said where a link leads to an update, and nothing that is loaded from a host can be. */
export const LINK_NEEDS_HOST =
  'The link leads to an update on a host that this page cannot use yet. Pair this browser with the host, then open the link again.';
