import { afterAll } from 'vitest';

// A chain is a few megabytes outside of JavaScript's heap, which alone would call for no collection until there are hundreds.
afterAll(() => globalThis.gc?.());
