import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '@ocm/runtime';
import { type ClientGroups, GROUP_TABLE_SECS, openClientGroups } from '../client-groups.js';
import type { ContractTerms } from '../ports.js';
import { prefixOf } from '../rate-limit.js';
import { CapCounters, type Charge } from './cap-counters.js';
import { findWindow, type TokenCaps } from './caps.js';
import { Pseudonyms } from './pseudonyms.js';

const PREFIX_COUNTER = 'prefix';

export type GrantRequest = {
    contract: Pick<ContractTerms, 'address' | 'genesisAt' | 'epochLengthSecs'>;
    epoch: number;
    nowSecs: number;
    maxBytes: bigint;
    notAfterSecs: number;
    caps: TokenCaps;
    client: { address: string; clientPublicKey: Uint8Array; subject?: string };
};
export type GrantBook = {
    /** Counts a token under every cap and returns the client's group. @throws MKT_PROVIDER__*_CAPPED */
    grant(request: GrantRequest): Promise<number>;
    /** Erases what must not outlive its window, epoch or day; call it at least once a minute. */
    forget(nowSecs: number): Promise<void>;
    close(): Promise<void>;
};

/**
 * Caps and client groups of an issuer, in three files of its folder: `pseudonyms.json` (keys, erased as their time ends),
 * `caps.journal` (counters) and `groups.json` (the day's table). No address is in any of them, in a log, or on chain.
 */
export async function openGrantBook({
    dataDir,
    log,
    fixedGroup,
}: {
    dataDir: string;
    log: Logger;
    fixedGroup?: number;
}): Promise<GrantBook> {
    const pseudonyms = await Pseudonyms.open(join(dataDir, 'pseudonyms.json'));
    const groups = await openClientGroups({
        path: join(dataDir, 'groups.json'),
        ...(fixedGroup === undefined ? {} : { fixed: fixedGroup }),
    });
    const counters = await CapCounters.open({ path: join(dataDir, 'caps.journal'), log });
    return {
        async grant(request) {
            const prefix = await windowPrefix(pseudonyms, request);
            const group = await assignGroup(pseudonyms, groups, request);
            await counters.charge(listCharges(request, prefix, group), request.nowSecs);
            return group;
        },
        async forget(nowSecs) {
            // Keys first: without them the rest is noise, whatever happens next.
            await pseudonyms.forget(nowSecs);
            await groups.forget(nowSecs);
            await counters.forget(nowSecs, (key) => key.startsWith(`${PREFIX_COUNTER}/`));
        },
        close: () => counters.close(),
    };
}

async function windowPrefix(
    pseudonyms: Pseudonyms,
    { contract, epoch, nowSecs, client }: GrantRequest,
): Promise<{ key: string; endsAtSecs: number }> {
    const { beginsAtSecs, endsAtSecs } = findWindow(contract, epoch, nowSecs);
    const scope = `${PREFIX_COUNTER}/${contract.address.toBase58()}/${beginsAtSecs}`;
    return { key: `${scope}/${await pseudonyms.of(scope, endsAtSecs, prefixOf(client.address))}`, endsAtSecs };
}

async function assignGroup(
    pseudonyms: Pseudonyms,
    groups: ClientGroups,
    { contract, nowSecs, client }: GrantRequest,
): Promise<number> {
    const name = contract.address.toBase58();
    const day = Math.floor(nowSecs / GROUP_TABLE_SECS);
    const pseudonymOf = (text: string) => pseudonyms.of(`group/${name}/${day}`, (day + 1) * GROUP_TABLE_SECS, text);
    return groups.assign({
        contract: name,
        nowSecs,
        prefix: await pseudonymOf(`prefix ${prefixOf(client.address)}`),
        client: await pseudonymOf(client.subject === undefined ? `address ${client.address}` : `id ${client.subject}`),
    });
}

function listCharges(
    { contract, epoch, maxBytes, notAfterSecs, caps, client }: GrantRequest,
    prefix: { key: string; endsAtSecs: number },
    group: number,
): Charge[] {
    const name = contract.address.toBase58();
    const epochEndsAt = Number(contract.genesisAt) + (epoch + 1) * contract.epochLengthSecs;
    const clientKey = createHash('sha256').update(client.clientPublicKey).digest('hex').slice(0, 32);
    return [
        {
            key: `key/${clientKey}`,
            bytes: 0n,
            expiresAtSecs: notAfterSecs,
            maxTokens: caps.openTokensPerClientKey,
            tokensCode: 'MKT_PROVIDER__CLIENT_KEY_CAPPED',
            what: 'one client key',
            remedy: 'make a fresh key for each session',
        },
        {
            key: prefix.key,
            bytes: maxBytes,
            expiresAtSecs: prefix.endsAtSecs,
            maxTokens: caps.tokensPerPrefix,
            maxBytes: BigInt(caps.bytesPerPrefix),
            tokensCode: 'MKT_PROVIDER__PREFIX_TOKENS_CAPPED',
            bytesCode: 'MKT_PROVIDER__PREFIX_BYTES_CAPPED',
            what: 'one network (IPv4 /24, IPv6 /48)',
            remedy: 'have the caps of the contract raised',
        },
        {
            key: `group/${name}/${epoch}/${group}`,
            bytes: maxBytes,
            expiresAtSecs: epochEndsAt,
            maxTokens: caps.tokensPerGroup,
            maxBytes: BigInt(caps.bytesPerGroup),
            tokensCode: 'MKT_PROVIDER__GROUP_TOKENS_CAPPED',
            bytesCode: 'MKT_PROVIDER__GROUP_BYTES_CAPPED',
            what: 'one client group',
            remedy: 'have the caps of the contract raised',
        },
    ];
}
