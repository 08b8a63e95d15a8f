/** What is said around the report of one update; the report itself: `report.ts`. */

export const GONE =
  'The requests of this update are not kept: this page keeps those of each device’s latest update only, until it is closed.';
export const READ_FIRST =
  'What happened, request by request. It contains no token. Read it before you share it: it names the device and the file.';
export const THE_REPORT = 'The report';
export const WITH_ADDRESSES = 'Include full addresses';
export const COPY_IT = 'Copy the report';
export const SHARE = 'Share';
/** What the system shows as the title of what is shared. */
export const SHARED_TITLE = 'Moult: report of an update';
export const NOT_SHARED = 'The browser didn’t share it. Copy it instead.';
