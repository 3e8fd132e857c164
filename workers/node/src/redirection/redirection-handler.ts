import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { REDIRECTION_PATH, REDIRECTION_RESPONSE_TYPE, redirectionRequest } from '@ocm/sdk/http';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import { answerRedirection, type RedirectionInput } from './answer.js';
import type { RedirectionConfig } from './redirection-config.js';

export interface RedirectionHandlerOptions {
    config: RedirectionConfig;
    route: RedirectionInput['route'];
}
interface Upstream {
    digest: Buffer;
    hosts: ReadonlySet<string>;
}

/** The path at which upstream CDNs ask. */
export class RedirectionHandler {
    readonly #options: RedirectionHandlerOptions;
    readonly #upstreams: readonly Upstream[];

    constructor(options: RedirectionHandlerOptions) {
        this.#options = options;
        this.#upstreams = options.config.upstreams.map(({ tokenSha256, hosts }) => ({
            digest: Buffer.from(tokenSha256, 'hex'),
            hosts: new Set(hosts),
        }));
    }

    async handle(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
        if (pathname !== REDIRECTION_PATH) return false;
        requireMethod(request, 'POST');
        const { hosts } = this.#authenticate(request);
        const asked = await readJson(request, redirectionRequest, 'application/cdni');
        const { config, route } = this.#options;
        const { providerId, ttlSecs } = config;
        const answer = answerRedirection({ request: asked, providerId, hosts, ttlSecs, route });
        const cacheControl = answer.error === undefined && ttlSecs > 0 ? `private, max-age=${ttlSecs}` : 'no-store';
        sendJson(response, 200, answer, { 'content-type': REDIRECTION_RESPONSE_TYPE, 'cache-control': cacheControl });
        return true;
    }

    #authenticate({ headers }: IncomingMessage): Upstream {
        const token = /^Bearer (.{1,512})$/i.exec(headers.authorization ?? '')?.[1] ?? '';
        const digest = createHash('sha256').update(token).digest();
        const found = this.#upstreams.filter((upstream) => timingSafeEqual(digest, upstream.digest));
        const [upstream] = found;
        if (upstream !== undefined) return upstream;
        throw new RequestProblem(
            401,
            'MKT_NODE__UPSTREAM_UNKNOWN',
            'This path needs the bearer secret of an upstream CDN.',
        );
    }
}
