import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The demo clip that ships with this package; the same folder seen from src/ and from dist/. */
const DEFAULT_MEDIA_DIR = fileURLToPath(new URL('../media', import.meta.url));

export const originConfig = z.object({
    listen: z
        .object({ host: z.string().min(1).max(255).default('127.0.0.1'), port: z.number().int().min(0).max(65_535) })
        .describe('address and port to serve on; port 0 takes a free one'),
    mediaDir: z.string().min(1).default(DEFAULT_MEDIA_DIR).describe('folder whose files are served'),
});
export type OriginConfig = z.infer<typeof originConfig>;
