import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { limits, shared } from '../../../vitest.config.js';

/** Runs judge.ts alone, which is no test by itself. */
export default defineConfig({
    ...shared,
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    test: { ...limits, include: ['scripts/lib/mutants/judge.ts'] },
});
