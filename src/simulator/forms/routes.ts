/** What a simulated device that takes firmware by a form is asked for. */
export type FormRoute = 'page' | 'upload' | 'start' | 'identity' | 'json' | 'preflight' | 'unknown';
