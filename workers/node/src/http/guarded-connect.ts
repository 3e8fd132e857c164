import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { failure } from '@ocm/runtime';
import { buildConnector } from 'undici';
import { isPublic, isWithin, type Network, readAddress } from './addresses.js';

export interface ConnectRules {
    timeoutMs: number;
    /** Development clusters: parents may be anywhere. */
    allowsPrivate: () => boolean;
    /** Private networks of the operator that its parents are in. */
    allowed: readonly Network[];
    /** Of tests. */
    resolve?: typeof resolve;
}

/**
 * Connects to parents at addresses that may be parents. A name is resolved for each connection, each address is looked at,
 * and the connection goes to one that was looked at, so that a name that changes in between (DNS rebinding) gains nothing.
 */
export function createGuardedConnector(rules: ConnectRules): buildConnector.connector {
    const connect = buildConnector({ timeout: rules.timeoutMs, lookup: guardedLookup(rules) });
    return (options, callback) => {
        const host = options.hostname.replace(/^\[|\]$/g, '');
        // No name, nothing to resolve: it would pass the lookup by.
        if (isIP(host) !== 0 && !mayConnect(host, rules)) return callback(forbidden(host), null);
        return connect(options, callback);
    };
}

export function mayConnect(text: string, { allowsPrivate, allowed }: ConnectRules): boolean {
    const address = readAddress(text);
    if (address === null) return false;
    return isPublic(address) || allowsPrivate() || allowed.some((network) => isWithin(address, network));
}

function guardedLookup(rules: ConnectRules): LookupFunction {
    const find = rules.resolve ?? resolve;
    return (hostname, options, callback) => {
        find(hostname, { ...options, all: true }, (error, addresses) => {
            if (error !== null) return callback(error, '', 0);
            const [first, ...others] = addresses.filter(({ address }) => mayConnect(address, rules));
            if (first === undefined) return callback(forbidden(hostname), '', 0);
            if (options.all === true) return callback(null, [first, ...others]);
            return callback(null, first.address, first.family);
        });
    };
}

const forbidden = (host: string): Error =>
    failure(
        'MKT_NODE__PARENT_FORBIDDEN',
        `the parent ${host} has no public address; list its network in parentPrefixes if it is yours`,
    );
