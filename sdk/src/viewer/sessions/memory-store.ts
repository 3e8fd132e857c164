import type { SessionStore } from './ports.js';

/**
 * Sessions that end with the process: for one that lives as long as its connections. What a crash loses is less than the
 * node's credit, and no key is ever on a disk.
 */
export function createMemorySessionStore(): SessionStore {
    return {
        takeOver: async () => [],
        create: async () => undefined,
        save: async () => true,
        remove: async () => undefined,
    };
}
