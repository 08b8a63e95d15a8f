/** What vite.config.ts puts into the page besides Vite's own. */
interface ImportMetaEnv {
  /** Of the page: "1.2.0". */
  readonly VITE_VERSION: string;
}
