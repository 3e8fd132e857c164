/**
 * Endpoints of nodes as last read from the chain. The proxy and the routes are bundled apart but run in one process;
 * the global object is the one place that both see.
 */
const KEY = Symbol.for('ocm.app.nodeOrigins');
/** Bounds the policy header: far more nodes than a viewer is ever sent to. */
export const MAX_NODE_ORIGINS = 64;

type Holder = { [KEY]?: readonly string[] };

export function rememberNodeOrigins(urls: readonly string[]): void {
    (globalThis as Holder)[KEY] = urls.slice(0, MAX_NODE_ORIGINS);
}

export function recallNodeOrigins(): readonly string[] {
    return (globalThis as Holder)[KEY] ?? [];
}
