import { parseTarget } from '../cache/target.js';
import { RequestProblem } from '../http/problem.js';

/**
 * A URL as viewers ask for it, or its path and query, in the form that is keyed.
 * @param hosts names that this node answers for; empty: any
 * @throws RequestProblem 400
 */
export function normaliseUrl(url: string, hosts: ReadonlySet<string>, allowedQuery: ReadonlySet<string>): string {
    const [, host, rest] = /^https?:\/\/([^/?#]+)([/?].*)?$/i.exec(url) ?? [];
    const name = host?.toLowerCase().replace(/:[0-9]+$/, '');
    if (name !== undefined && hosts.size > 0 && !hosts.has(name)) {
        throw new RequestProblem(400, 'MKT_NODE__HOST_FOREIGN', 'A URL names a host that this node does not serve.', {
            url,
        });
    }
    const target = name === undefined ? url : (rest ?? '/');
    const { path, keyedQuery } = parseTarget(target.startsWith('?') ? `/${target}` : target, allowedQuery);
    return keyedQuery === '' ? path : `${path}?${keyedQuery}`;
}
