import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { failure } from '@ocm/runtime';
import { computeEpochBounds } from '@ocm/sdk';
import { computeMaxEpochBytes, encodeToken, fromBase64, sign, toBase64 } from '@ocm/sdk/core';
import type { TokenResponse } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { ProviderChain } from '../ports.js';
import type { TokenCaps } from './caps.js';
import { findSellingContract, parseNode } from './find-contract.js';
import type { GrantBook } from './grant-book.js';
import type { IssuerKeys } from './keyring.js';

/** A token is valid a little before it is issued: the clocks of node and cluster are not one. */
const CLOCK_SKEW_SECS = 60;
const SECRET_SEED_BYTES = 32;
const CLIENT_KEY_BYTES = 32;

export type TokenIssuerDeps = {
    chain: Pick<ProviderChain, 'clusterTag' | 'clusterTimeSecs' | 'fetchContract' | 'fetchNodes' | 'fetchTokenLimits'>;
    contracts: readonly PublicKey[];
    keys: IssuerKeys;
    grants: GrantBook;
    caps: (contract: string) => TokenCaps;
    /**
     * Keeps what was issued, durably: whoever co-signs must know it, for a signature of a leaked key alone proves nothing.
     * A token whose keeping fails is not handed out.
     */
    remember: (tokenBytes: Uint8Array, signature: Uint8Array) => Promise<void>;
};

export type IssueRequest = {
    /** The node that the router chose, base58. */
    node: string;
    /** Fresh Ed25519 public key of this session, base64. */
    clientPublicKey: string;
    /** IP address that the client connects from. It is counted under a pseudonym and kept nowhere. */
    address: string;
    /** Who is behind the address, if your login knows; makes groups of people instead of addresses. Kept nowhere. */
    subject?: string;
};
export type TokenIssuer = { issue(request: IssueRequest): Promise<TokenResponse> };

/**
 * Issues session tokens (protocol 6.4) under caps; a content provider may run it inside its own login or entitlement
 * service (docs/tokens.md). A token is for one node and the epoch that runs by the cluster's clock.
 *
 * `issue` throws MKT_PROVIDER__NODE_UNKNOWN, _CONTRACT_NOT_ACTIVE, _EPOCH_NOT_RUNNING, _ISSUER_NOT_IN_FORCE,
 * _ADDRESS_INVALID, _CLIENT_KEY_INVALID, and _CLIENT_KEY_CAPPED, _PREFIX_TOKENS_CAPPED, _PREFIX_BYTES_CAPPED,
 * _GROUP_TOKENS_CAPPED, _GROUP_BYTES_CAPPED with `retryAfterSecs` in their context.
 *
 * @example
 * const issuer = createTokenIssuer({ chain, contracts, keys, grants, caps: (contract) => resolveCaps(contract), remember });
 * const answer = await issuer.issue({ node, clientPublicKey, address: request.ip, subject: user.id });
 */
export function createTokenIssuer(deps: TokenIssuerDeps): TokenIssuer {
    return { issue: (request) => issue(deps, request) };
}

async function issue(deps: TokenIssuerDeps, request: IssueRequest): Promise<TokenResponse> {
    const { chain } = deps;
    const node = parseNode(request.node);
    const clientPublicKey = parseClientKey(request.clientPublicKey);
    if (isIP(request.address.split('%')[0] ?? '') === 0)
        throw failure('MKT_PROVIDER__ADDRESS_INVALID', 'address is no IP address; give the one that the client has');
    const nowSecs = await chain.clusterTimeSecs();
    const { contract, epoch, issuer } = await findSellingContract(deps, node, nowSecs);
    const [clusterTag, limits] = await Promise.all([chain.clusterTag(), chain.fetchTokenLimits()]);
    const caps = deps.caps(contract.address.toBase58());
    const maxBytes = smallest(limits.maxTokenBytes, computeMaxEpochBytes(contract), BigInt(caps.maxSessionBytes));
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const notAfterSecs = Number(endsAt) + limits.tokenGraceSecs;
    const { address, subject } = request;
    const client = { address, clientPublicKey, ...(subject === undefined ? {} : { subject }) };
    const clientGroup = await deps.grants.grant({ contract, epoch, nowSecs, maxBytes, notAfterSecs, caps, client });
    const token = encodeToken({
        contract: contract.address.toBytes(),
        clusterTag,
        epoch,
        tokenId: Uint8Array.from(randomBytes(16)),
        node: node.toBytes(),
        clientPublicKey,
        maxBytes,
        notBeforeSecs: Math.max(Number(beginsAt), nowSecs - CLOCK_SKEW_SECS),
        notAfterSecs,
        clientGroup,
        flags: 0,
    });
    const signature = sign(issuer.secretKey.subarray(0, SECRET_SEED_BYTES), token);
    await deps.remember(token, signature);
    return {
        token: toBase64(token),
        tokenSignature: toBase64(signature),
        contract: contract.address.toBase58(),
        epoch,
        clusterTimeSecs: nowSecs,
    };
}

function parseClientKey(text: string): Uint8Array {
    const bytes = /^[A-Za-z0-9+/]{43}=$/.test(text) ? fromBase64(text) : new Uint8Array();
    if (bytes.length === CLIENT_KEY_BYTES) return bytes;
    throw failure(
        'MKT_PROVIDER__CLIENT_KEY_INVALID',
        'clientPublicKey is not 32 bytes in base64; send a fresh Ed25519 key',
    );
}

function smallest(...values: bigint[]): bigint {
    return values.reduce((least, value) => (value < least ? value : least));
}
