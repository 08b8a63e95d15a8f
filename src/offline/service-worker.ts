/** Placeholder: the service worker's own tsconfig needs one file to check. */
export {};
