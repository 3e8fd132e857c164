import { failure } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { decodeToken, fromBase64, hashToken, toHex, verify } from '@ocm/sdk/core';
import type { IssuedToken } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { Ledger } from './ledger.js';
import type { ProviderChain } from './ports.js';

export type AcceptIssuedTokenDeps = {
    chain: Pick<ProviderChain, 'clusterTag' | 'fetchContract'>;
    ledger: Pick<Ledger, 'findToken' | 'addToken'>;
    contracts: readonly PublicKey[];
};

/**
 * Remembers a token that the content provider's own service issued, as if it had been issued here. Told again, it changes
 * nothing.
 * @throws MKT_PROVIDER__TOKEN_FOREIGN, MKT_PROVIDER__TOKEN_FORGED, MKT_CORE__*
 */
export async function acceptIssuedToken(
    { chain, ledger, contracts }: AcceptIssuedTokenDeps,
    issued: IssuedToken,
): Promise<{ tokenHash: string }> {
    const bytes = fromBase64(issued.token);
    const token = decodeToken(bytes);
    const tokenHash = toHex(hashToken(bytes));
    if (ledger.findToken(tokenHash) !== undefined) return { tokenHash };
    const address = new PublicKey(token.contract);
    const contract = contracts.some((served) => served.equals(address)) ? await chain.fetchContract(address) : null;
    if (contract === null || token.clusterTag !== (await chain.clusterTag()) || token.epoch >= contract.epochCount)
        throw failure(
            'MKT_PROVIDER__TOKEN_FOREIGN',
            `token ${tokenHash} is for another cluster or for no epoch of a contract that this worker serves; check contracts`,
        );
    const issuer = findIssuerInForce(contract, token.epoch);
    if (issuer === null || !verify(issuer.toBytes(), bytes, fromBase64(issued.tokenSignature)))
        throw failure(
            'MKT_PROVIDER__TOKEN_FORGED',
            `token ${tokenHash} is not signed by the contract's issuer of epoch ${token.epoch}`,
        );
    await ledger.addToken(bytes);
    return { tokenHash };
}
