/**
 * Where ViperHTTP tells how an update stands, below the prefix. The same in either dialect, and asked before it is known
 * which of them a device speaks: so it is no trait of one.
 */
export const STATUS_ROUTE = '/status';
