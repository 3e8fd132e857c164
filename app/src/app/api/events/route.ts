import { openEventStream } from '../../../features/live/server/event-stream';
import { getHub } from '../../../features/live/server/get-hub';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Response {
    return openEventStream(getHub(), request.signal);
}
