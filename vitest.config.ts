import { defineConfig } from "vitest/config";

/** A test that hangs is ended; so long that none is for the sake of a slow or busy machine. */
const PATIENCE_MS = 600_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
    pool: "threads",
    maxWorkers: 2,
  },
});
