/**
 * Where ViperHTTP tells how an update stands, below the prefix. It is the same in both of its dialects, and is asked
 * before it is known which of them a device speaks, so that it is no trait.
 */
export const STATUS_ROUTE = '/status';
