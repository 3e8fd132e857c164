import { afterAll } from 'vitest';
import { removeFolders } from './support.js';

// Registered before the hooks of the test file, so it runs after those that stop its nodes.
afterAll(removeFolders);
