import { fetchJson } from '@ocm/runtime';
import { ROUTE_PATH, type RouteExplanation, routeExplanation } from '@ocm/sdk/http';
import { STREAM_PATH, type Viewer } from './viewers.js';

const POLL_MS = 100;
const TIMEOUT_MS = 20_000;

/** What keeps the router from sending a viewer where it belongs, in words. */
function describe({ decision, candidates }: RouteExplanation): string {
    const reasons = candidates.map(({ node, reason }) => `${node.slice(0, 8)}… ${reason}`);
    return `it decides for ${decision} delivery (${reasons.join('; ') || 'it knows no RELAY'})`;
}

async function explainRoute(routerUrl: string, viewer: Viewer, signal: AbortSignal): Promise<RouteExplanation> {
    const url = new URL(ROUTE_PATH, routerUrl);
    url.search = new URLSearchParams({ address: viewer.address, path: STREAM_PATH }).toString();
    return fetchJson({ url: url.href, schema: routeExplanation, signal, timeoutMs: 2_000 });
}

/**
 * Waits until the router has seen the contract on chain and its RELAYs alive: a viewer that came earlier would rightly
 * get traditional delivery.
 *
 * @throws Error telling the router's reasons when it does not come to the expected decision.
 */
export async function waitForRoutes(routerUrl: string, viewers: readonly Viewer[], signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (const viewer of viewers) {
        let told = 'it does not answer';
        for (;;) {
            signal.throwIfAborted();
            const explanation = await explainRoute(routerUrl, viewer, signal).catch(() => undefined);
            if (explanation?.decision === viewer.expects) break;
            if (explanation) told = describe(explanation);
            if (Date.now() > deadline) {
                throw new Error(
                    `the router at ${routerUrl} should send ${viewer.name} (${viewer.address}) to ${viewer.expects} delivery: ${told}`,
                );
            }
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
    }
}
