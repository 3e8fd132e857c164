import { failure } from '@ocm/runtime';
import type { NodeConfig } from '../config.js';
import { generateNginxConfig } from './nginx-config.js';

/** Text for stdout. @throws MKT_NODE__PROXY_KIND_UNKNOWN, MKT_NODE__PROXY_MISSING, MKT_NODE__PROXY_CONFIG_UNSAFE */
export function generateProxyConfig(config: NodeConfig, argv: readonly string[]): string {
    const mark = argv.indexOf('--kind');
    const kind = mark < 0 ? '' : (argv[mark + 1] ?? '');
    if (kind === 'nginx') return generateNginxConfig(config);
    throw failure('MKT_NODE__PROXY_KIND_UNKNOWN', '--kind must be nginx, the one proxy that a config is written for');
}
