/** What is said where a person chooses where updates run. */

export const UPDATES_RUN = 'Where updates run';
export const ON_HOST = 'On the host';
export const ON_HOST_HINT =
  'You can close the page meanwhile. The host has each device’s token for as long as it needs it.';
export const IN_PAGE = 'In this page';
export const IN_PAGE_HINT = 'The page has to stay open.';
export const GO_ON = 'After a restart, the host continues by itself';
export const GO_ON_HINT =
  'It keeps the token of a device, encrypted on its disk, until its update or rollout is over. One that failed can be continued, so its token stays.';
