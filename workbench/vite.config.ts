import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The page is served under a content security policy without inline script or style, so nothing is inlined.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../iprkit/web/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
