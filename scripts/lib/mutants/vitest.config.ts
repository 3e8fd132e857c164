import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../../vitest.config.js';

/** Runs judge.ts alone, which is no test by itself. */
export default mergeConfig(
    { ...base, test: { ...base.test, include: [] } },
    defineConfig({
        root: fileURLToPath(new URL('../../..', import.meta.url)),
        test: { include: ['scripts/lib/mutants/judge.ts'] },
    }),
);
