import { getHub } from '../../../features/live/server/get-hub';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
    return Response.json(await getHub().current(), { headers: { 'cache-control': 'no-store' } });
}
