import { readViewerAddress } from '../../../features/stream/server/viewer-address';

export const dynamic = 'force-dynamic';

/** Told to nobody but the one who asks, and kept nowhere: the router explains itself only for a named address. */
export function GET(request: Request): Response {
    return Response.json({ address: readViewerAddress(request.headers) }, { headers: { 'cache-control': 'no-store' } });
}
