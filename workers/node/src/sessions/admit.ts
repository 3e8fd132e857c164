import {
    decodeToken,
    encodeSessionProof,
    fromBase64,
    fromHex,
    hashToken,
    MarketplaceError,
    type Token,
    toHex,
    verify,
} from '@ocm/sdk/core';
import type { OpenSessionRequest } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import { type ContractView, epochEndMs, type NodeView, type TopologyView } from '../topology/view.js';

/** Largest difference between the client's clock and ours. */
export const PROOF_WINDOW_MS = 30_000;
const EMPTY_KEY_HEX = '0'.repeat(64);

export interface AdmissionInput {
    request: OpenSessionRequest;
    view: TopologyView;
    self: NodeView;
    /** The cluster's clock: what tokens and epochs go by. */
    protocolMs: number;
    /** This machine's clock: what the proof goes by, which only client and node see. */
    localMs: number;
}
export interface Admission {
    token: Token;
    tokenHash: Uint8Array;
    hash: string;
    contract: ContractView;
    /** Unix milliseconds: end of the token's epoch plus grace. */
    closesAtMs: number;
}

/**
 * Judges a token and the proof that its bearer holds its key (protocol 6.4). Cheap checks first: signatures cost a
 * tenth of a millisecond and must not be had for nothing.
 * @throws RequestProblem naming the first rule that the token breaks
 */
export function admit({ request, view, self, protocolMs, localMs }: AdmissionInput): Admission {
    const bytes = fromBase64(request.token);
    const token = decodeOrRefuse(bytes);
    if (token.clusterTag !== view.clusterTag) {
        throw new RequestProblem(403, 'MKT_NODE__TOKEN_WRONG_CLUSTER', 'The token is of another cluster.', {
            clusterTag: view.clusterTag,
        });
    }
    if (toHex(token.node) !== self.addressHex) {
        throw new RequestProblem(
            403,
            'MKT_NODE__TOKEN_WRONG_NODE',
            'The token is for another node; get one for this node.',
            {
                node: self.address,
            },
        );
    }
    if (token.flags !== 0)
        throw new RequestProblem(403, 'MKT_NODE__TOKEN_FLAGS', 'Multicast tokens are not served by this node.');
    const contract = contractOf(token, view, self);
    const closesAtMs = checkTimes(token, contract, view, protocolMs);
    if (Math.abs(request.timestampMs - localMs) > PROOF_WINDOW_MS) {
        throw new RequestProblem(
            403,
            'MKT_NODE__PROOF_CLOCK',
            'The proof is not of now: set the clock, or sign the current time.',
            {
                nowMs: localMs,
            },
        );
    }
    if (!isIssued(bytes, fromBase64(request.tokenSignature), token, contract)) {
        throw new RequestProblem(
            403,
            'MKT_NODE__TOKEN_WRONG_ISSUER',
            "The token is not signed by the contract's issuer for this epoch.",
        );
    }
    const tokenHash = hashToken(bytes);
    const proof = encodeSessionProof({ tokenHash, node: token.node, timestampMs: BigInt(request.timestampMs) });
    if (!verify(token.clientPublicKey, proof, fromBase64(request.proof))) {
        throw new RequestProblem(403, 'MKT_NODE__PROOF_INVALID', "The proof is not signed by the token's client key.");
    }
    return { token, tokenHash, hash: toHex(tokenHash), contract, closesAtMs };
}

function decodeOrRefuse(bytes: Uint8Array): Token {
    try {
        return decodeToken(bytes);
    } catch (error) {
        if (!(error instanceof MarketplaceError)) throw error;
        throw new RequestProblem(400, 'MKT_NODE__TOKEN_MALFORMED', 'The token is not a token of this protocol.', {
            cause: error.code,
        });
    }
}

function contractOf(token: Token, view: TopologyView, self: NodeView): ContractView {
    const hex = toHex(token.contract);
    const contract = view.contracts.find(({ addressHex }) => addressHex === hex);
    if (contract === undefined)
        throw new RequestProblem(403, 'MKT_NODE__CONTRACT_UNKNOWN', 'The contract of the token does not exist.');
    const details = { contract: contract.address, state: contract.state };
    if (contract.seller !== self.participant) {
        throw new RequestProblem(
            403,
            'MKT_NODE__CONTRACT_NOT_OURS',
            'The contract was not sold by the operator of this node.',
            details,
        );
    }
    if (contract.state === 'proposed' || contract.state === 'underfunded') {
        throw new RequestProblem(
            402,
            'MKT_NODE__CONTRACT_NOT_FUNDED',
            'The contract has no sufficient escrow; its content provider must fund it before anything is served.',
            details,
        );
    }
    if (contract.state !== 'active')
        throw new RequestProblem(403, 'MKT_NODE__CONTRACT_ENDED', 'The contract is over.', details);
    return contract;
}

function checkTimes(token: Token, contract: ContractView, view: TopologyView, nowMs: number): number {
    const graceSecs = view.params.tokenGraceSecs;
    const endMs = epochEndMs(contract, token.epoch);
    const isInside =
        token.epoch < contract.epochCount &&
        token.notBeforeSecs < token.notAfterSecs &&
        token.notAfterSecs * 1000 <= endMs + graceSecs * 1000 &&
        token.notAfterSecs - token.notBeforeSecs <= contract.epochLengthSecs + graceSecs;
    if (!isInside)
        throw new RequestProblem(403, 'MKT_NODE__TOKEN_TIMES', 'The times of the token do not fit its epoch.', {
            epoch: token.epoch,
        });
    if (nowMs < token.notBeforeSecs * 1000 || nowMs < endMs - contract.epochLengthSecs * 1000) {
        throw new RequestProblem(403, 'MKT_NODE__TOKEN_NOT_YET_VALID', 'The token is not valid yet.');
    }
    if (nowMs >= token.notAfterSecs * 1000)
        throw new RequestProblem(403, 'MKT_NODE__TOKEN_EXPIRED', 'The token has expired; get a new one.');
    if (token.maxBytes === 0n || token.maxBytes > BigInt(view.params.maxTokenBytes)) {
        throw new RequestProblem(
            403,
            'MKT_NODE__TOKEN_TOO_LARGE',
            'The byte limit of the token is outside what the protocol allows.',
            {
                maxTokenBytes: view.params.maxTokenBytes,
            },
        );
    }
    return endMs + graceSecs * 1000;
}

/** The key in force: the slot with the latest `fromEpoch` that is not after the token's epoch; null if none. */
export function findIssuer(contract: ContractView, epoch: number): string | null {
    let found: ContractView['issuers'][number] | null = null;
    for (const slot of contract.issuers) {
        if (slot.publicKeyHex === EMPTY_KEY_HEX || slot.fromEpoch > epoch) continue;
        if (found === null || slot.fromEpoch > found.fromEpoch) found = slot;
    }
    return found?.publicKeyHex ?? null;
}

function isIssued(bytes: Uint8Array, signature: Uint8Array, token: Token, contract: ContractView): boolean {
    const issuer = findIssuer(contract, token.epoch);
    return issuer !== null && verify(fromHex(issuer), bytes, signature);
}
