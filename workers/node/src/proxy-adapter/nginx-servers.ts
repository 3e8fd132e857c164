import { join } from 'node:path';
import { failure } from '@ocm/runtime';
import type { NodeConfig } from '../config.js';
import { CORS_HEADERS } from '../http/cors.js';
import { ADMISSION_PATH, HOST_HEADER, METHOD_HEADER, TARGET_HEADER } from './admission.js';
import { accessLogPathOf, type ProxyConfig } from './proxy-config.js';

type Plain = (text: string, field: string) => string;
/** Below the paths that no object may have; nobody outside reaches it. */
const INTERNAL_PATH = '/.well-known/ocm/internal/admission';
/** What a response of a parent must not decide of this proxy, and what the node sets itself. */
const OWN = ['ocm-node', 'ocm-cache', ...Object.keys(CORS_HEADERS)];
const ACCELERATION = ['Redirect', 'Expires', 'Limit-Rate', 'Buffering', 'Charset'].map((name) => `X-Accel-${name}`);

/** The virtual servers: one in clear, one over TLS if it is wanted. */
export function nginxServers(config: NodeConfig, proxy: ProxyConfig, plain: Plain): string {
    const at = ({ host, port }: { host: string; port: number }): string =>
        `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const listens = [`listen ${at(proxy.listen)};`];
    if (proxy.tlsListen !== undefined)
        listens.push(`listen ${at(proxy.tlsListen)} ssl http2;`, ...secured(config, plain));
    return `    server {
${listens.map((line) => `        ${line}`).join('\n')}
        limit_conn ocm_peer ${config.limits.maxConnectionsPerPrefix};
        limit_req zone=ocm_rate burst=${config.limits.requestBurstPerPrefix} nodelay;
        proxy_set_header Host $http_host;

        # Sessions, receipts, status, proofs for a certificate authority: the node's.
        location ^~ /.well-known/ocm/ { proxy_pass http://ocm_node; }
        location ^~ /.well-known/acme-challenge/ { proxy_pass http://ocm_node; }
        location = ${ADMISSION_PATH} { return 404; }
        location = /metrics { return 404; }
        location = /healthz { proxy_pass http://ocm_node; }
        location = /readyz { proxy_pass http://ocm_node; }
        location @node { proxy_pass http://ocm_node; }
${admissionLocation()}
${mediaLocation(config, proxy, plain)}
    }`;
}

function secured({ tls, dataDir }: NodeConfig, plain: Plain): string[] {
    const [first] = tls?.certificates ?? [];
    const issued = join(dataDir, 'acme', 'certificate.pem');
    const files = first ?? (tls?.acme === undefined ? undefined : { certPath: issued, keyPath: issued });
    if (files === undefined) {
        throw failure(
            'MKT_NODE__PROXY_MISSING',
            'proxy.tlsListen needs a certificate; set tls.certificates or tls.acme',
        );
    }
    return [
        `ssl_certificate ${plain(files.certPath, 'tls.certificates')};`,
        `ssl_certificate_key ${plain(files.keyPath, 'tls.certificates')};`,
        'ssl_protocols TLSv1.2 TLSv1.3;',
        'ssl_session_cache shared:ocm_tls:10m;',
        `http2_max_concurrent_streams 100;`,
    ];
}

function admissionLocation(): string {
    return `        location = ${INTERNAL_PATH} {
            internal;
            proxy_pass http://ocm_node${ADMISSION_PATH};
            proxy_method GET;
            proxy_pass_request_body off;
            proxy_pass_request_headers off;
            proxy_set_header Host localhost;
            proxy_set_header Content-Length "";
            proxy_set_header Connection "";
            proxy_set_header ${TARGET_HEADER} $request_uri;
            proxy_set_header ${METHOD_HEADER} $request_method;
            proxy_set_header ${HOST_HEADER} $http_host;
            proxy_set_header ocm-session $http_ocm_session;
            proxy_set_header cdn-loop $http_cdn_loop;
            proxy_set_header authorization $http_authorization;
            proxy_set_header cache-control $http_cache_control;
        }`;
}

function mediaLocation(config: NodeConfig, proxy: ProxyConfig, plain: Plain): string {
    const parent = new URL(config.parentUrl);
    const prefix = parent.pathname.replace(/\/$/, '');
    const scheme = parent.protocol.replace(':', '');
    const hidden = [...OWN].map((name) => `            proxy_hide_header ${name};`).join('\n');
    const added = [...Object.entries(CORS_HEADERS), ['ocm-node', config.node], ['ocm-cache', '$ocm_disposition']]
        .map(([name, value]) => `            add_header ${name} "${value}" always;`)
        .join('\n');
    return `        location / {
            auth_request ${INTERNAL_PATH};
            auth_request_set $ocm_admitted $upstream_http_ocm_admitted;
            auth_request_set $ocm_target $upstream_http_ocm_target;
            auth_request_set $ocm_path $upstream_http_ocm_path;
            auth_request_set $ocm_session $upstream_http_ocm_session;
            # What the node does not admit it answers itself, as it does without a proxy.
            error_page 401 403 = @node;
            limit_conn ocm_session ${proxy.connectionsPerSession};

            proxy_pass ${scheme}://ocm_parent${prefix === '' ? '' : plain(prefix, 'parentUrl')}$ocm_target;
            proxy_pass_request_headers off;
            proxy_pass_request_body off;
            proxy_set_header Host ${plain(parent.host, 'parentUrl')};
            proxy_set_header Connection "";
            proxy_set_header Content-Length "";
            proxy_set_header Accept-Encoding $ocm_coding;
            proxy_set_header CDN-Loop $ocm_loop;
            # A parent must neither lead elsewhere nor steer this proxy.
            proxy_redirect off;
            # Ranges of what is stored whole, whether or not the parent offers them.
            proxy_force_ranges on;
            proxy_ignore_headers ${ACCELERATION.join(' ')};
${scheme === 'https' ? tlsToParent(parent.hostname, proxy) : ''}            proxy_cache ocm;
            proxy_cache_key $ocm_target;
            proxy_cache_lock on;
            proxy_cache_lock_timeout 10s;
            proxy_cache_revalidate on;
            proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
            proxy_cache_background_update on;
${hidden}
${added}
            access_log ${accessLogPathOf(proxy)} ocm if=$ocm_is_recorded;
        }`;
}

const tlsToParent = (host: string, { parentCaPath }: ProxyConfig): string => `            proxy_ssl_server_name on;
            proxy_ssl_name ${host};
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate ${parentCaPath};
`;
