import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: 'dist/app',
    target: 'es2022',
    // Every browser with ES2022 has modulepreload.
    modulePreload: { polyfill: false },
  },
  server: { strictPort: true },
  preview: { port: 4173, strictPort: true },
});
