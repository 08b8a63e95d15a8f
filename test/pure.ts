/**
 * All pure tests as one page in Chromium. None of them touches a document or a store, so that they need no page each:
 * most of what a page costs is to load it.
 */
import.meta.glob(['./**/*.test.ts', '!./**/*.node.test.ts', '!./**/*.browser.test.ts'], { eager: true });
