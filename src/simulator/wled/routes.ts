/** What a simulated WLED lamp is asked for. */
export type WledRoute = 'info' | 'state' | 'update-page' | 'update' | 'reset' | 'preflight' | 'unknown';
