import { failure } from '@ocm/runtime';
import type { NodeConfig } from '../config.js';
import { ACCESS_LOG_FORMAT } from './access-line.js';
import { nginxServers } from './nginx-servers.js';
import type { ProxyConfig } from './proxy-config.js';

/** Names, addresses and paths as they stand in the file: anything that its parser could read otherwise is refused. */
function plain(text: string, field: string): string {
    if (/^[A-Za-z0-9._:/[\]-]+$/.test(text)) return text;
    throw failure(
        'MKT_NODE__PROXY_CONFIG_UNSAFE',
        `${field} holds characters that a generated config cannot hold; use letters, digits, ".", "_", "-", ":" and "/"`,
    );
}
const seconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1000))}s`;

/** A complete nginx configuration for this node. @throws MKT_NODE__PROXY_MISSING, MKT_NODE__PROXY_CONFIG_UNSAFE */
export function generateNginxConfig(config: NodeConfig): string {
    const { proxy } = config;
    if (proxy === undefined) {
        throw failure('MKT_NODE__PROXY_MISSING', 'the config has no part "proxy"; set its listen and runDir');
    }
    const runDir = plain(proxy.runDir, 'proxy.runDir');
    return `# Written by ocm-node generate-proxy-config; do not edit, write it again.
${proxy.user === undefined ? '' : `user ${proxy.user};\n`}worker_processes auto;
daemon off;
pid ${runDir}/nginx.pid;
# Messages below this level name clients by their address, which must not be kept.
error_log ${runDir}/error.log emerg;
events { worker_connections 4096; }
http {
${httpPart(config, proxy, runDir)}
${nginxServers(config, proxy, plain)}
}
`;
}

function httpPart(config: NodeConfig, proxy: ProxyConfig, runDir: string): string {
    const { limits, node, listen } = config;
    const parent = new URL(config.parentUrl);
    const isSecure = parent.protocol === 'https:';
    const parentHost = plain(parent.hostname, 'parentUrl');
    const host = ['0.0.0.0', '::'].includes(listen.host) ? '127.0.0.1' : plain(listen.host, 'listen.host');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    return `    server_tokens off;
    merge_slashes off;
    sendfile on;
    # With tcp_nopush the last packet of a response may wait for an acknowledgement.
    tcp_nopush off;
    types { }
    default_type application/octet-stream;
${temporary.map((name) => `    ${name}_temp_path ${runDir}/temp-${name};`).join('\n')}
    client_header_timeout ${seconds(limits.headersTimeoutMs)};
    client_body_timeout ${seconds(limits.requestTimeoutMs)};
    send_timeout ${seconds(limits.idleTimeoutMs)};
    keepalive_timeout ${seconds(limits.keepAliveTimeoutMs)};
    reset_timedout_connection on;
    client_header_buffer_size 1k;
    large_client_header_buffers 4 ${Math.ceil(limits.maxHeaderBytes / 4)};
    client_max_body_size 8k;
    # Several ranges get the whole object: a multipart answer is larger than what was asked for.
    max_ranges 1;
    limit_conn_zone $binary_remote_addr zone=ocm_peer:10m;
    limit_conn_zone $http_ocm_session zone=ocm_session:10m;
    limit_req_zone $binary_remote_addr zone=ocm_rate:10m rate=${limits.requestsPerPrefixPerSec}r/s;
    limit_conn_status 429;
    limit_req_status 429;

    upstream ocm_node { server ${host.includes(':') ? `[${host}]` : host}:${listen.port}; keepalive 32; }
    upstream ocm_parent { server ${parentHost}:${parent.port === '' ? (isSecure ? 443 : 80) : parent.port}; keepalive 32; }
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_cache_path ${runDir}/cache levels=1:2 keys_zone=ocm:64m max_size=${proxy.cacheBytes} inactive=7d use_temp_path=off;

    # As the node asks its parents: three values at most, so that a Vary on it cannot multiply what is stored.
    map $http_accept_encoding $ocm_coding { ~*\\bbr\\b br; ~*\\bgzip\\b gzip; default identity; }
    map $http_cdn_loop $ocm_loop { "" "${node}"; default "$http_cdn_loop, ${node}"; }
    map $upstream_cache_status $ocm_disposition {
        default miss;
        HIT hit; STALE hit; UPDATING hit; REVALIDATED hit;
        BYPASS bypass;
    }
    # No address: what is not written cannot leak. Only what nginx itself delivered; the node records the rest.
    log_format ocm escape=json '${ACCESS_LOG_FORMAT}';
    access_log off;
    map $ocm_admitted $ocm_is_recorded { 1 1; default 0; }`;
}
