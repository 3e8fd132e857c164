import { isMarketplaceError } from '@ocm/sdk/core';
import { destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

export type { Logger };

/** Fields that must never reach a log: secrets, keys, signed tokens and raw client addresses (GDPR, security.md 3.2). */
const REDACTED = [
    'operatorSecret',
    'authorization',
    'secretKey',
    'token',
    'tokenSignature',
    'heliusApiKey',
    'ip',
    'remoteAddress',
    'config.operatorSecret',
    'config.heliusApiKey',
    'headers.authorization',
    'req.headers.authorization',
];

/**
 * JSON lines on stderr: stdout belongs to results that another program reads (the viewer's last line).
 * Level: `level`, else `OCM_LOG_LEVEL`, else `info`.
 */
export function createLogger({ name, level }: { name: string; level?: string }): Logger {
    // Synchronous: the line that explains a crash is the one that an asynchronous writer would lose.
    const stderr = destination({ fd: 2, sync: true });
    // A reader that was killed must not take the process along, nor keep it from stopping.
    stderr.on('error', () => undefined);
    return pino(
        {
            name,
            level: level ?? process.env.OCM_LOG_LEVEL ?? 'info',
            timestamp: stdTimeFunctions.isoTime,
            serializers: { err: describeError },
            redact: { paths: REDACTED, censor: '[redacted]' },
        },
        stderr,
    );
}

/** An expected failure is its code, its message and its context; a stack only helps where the failure is a bug. */
function describeError(error: unknown): unknown {
    if (!isMarketplaceError(error)) return error instanceof Error ? stdSerializers.err(error) : error;
    const { code, message, context, cause } = error;
    return { code, message, context, ...(cause instanceof Error ? { cause: cause.message } : {}) };
}
