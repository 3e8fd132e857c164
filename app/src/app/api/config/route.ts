import { readRuntimeConfig, toPublicConfig } from '../../../lib/config';

export const dynamic = 'force-dynamic';

export function GET(): Response {
    return Response.json(toPublicConfig(readRuntimeConfig(process.env)), { headers: { 'cache-control': 'no-store' } });
}
