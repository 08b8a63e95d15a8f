/** What is said around the report of one update; the report itself is made in state/update/report.ts. */

export const GONE = 'This update was of an earlier visit: its requests are no longer remembered.';
export const READ_FIRST =
  'What happened, request by request. It holds no token. Read it before you hand it on: the device’s name and the file’s name stand in it.';
export const THE_REPORT = 'The report';
export const WITH_ADDRESSES = 'With the full addresses';
export const COPY_IT = 'Copy the report';
export const SHARE = 'Share';
/** What the system shows as the title of what is shared. */
export const SHARED_TITLE = 'Moult: report of an update';
export const NOT_SHARED = 'The browser did not share it. Copy it instead.';
