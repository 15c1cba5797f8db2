import { defineConfig } from "vitest/config";

// Only arithmetic is tested here, without a page; the page is tested in a real browser by tests/browser.
export default defineConfig({ test: { include: ["tests/**/*.test.ts"], environment: "node" } });
