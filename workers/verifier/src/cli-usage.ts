import type { z } from 'zod';

/** Exit codes of the command. */
export const EXIT = { agrees: 0, differs: 1, usage: 2, notFetched: 3, interrupted: 130 } as const;

export const EXIT_HELP = `
Exit codes: 0 everything that could be checked agrees, 1 something differs (the record is named), 2 wrong usage,
3 something could not be fetched or read.`;

const OPTION_OF: Readonly<Record<string, string>> = { rpcUrl: '--rpc-url', maxBytes: '--max-bytes' };

/** `--option: what is wrong`. */
export function describe(error: z.ZodError): string {
    return error.issues
        .slice(0, 5)
        .map(({ path, message }) => {
            const field = String(path[0] ?? 'CONTRACT');
            return `${OPTION_OF[field] ?? (field === 'CONTRACT' ? field : `--${field}`)}: ${message}`;
        })
        .join('; ');
}
