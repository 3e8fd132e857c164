import { z } from 'zod';

/** Whose tokens a BEACON signs under. */
export const receiptsConfig = z.object({
    providerUrl: z
        .url({ protocol: /^https?$/ })
        .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment')
        .describe("the content provider's token service"),
});
export type ReceiptsConfig = z.infer<typeof receiptsConfig>;
