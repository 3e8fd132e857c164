import { Ed25519Program, type PublicKey, SYSVAR_INSTRUCTIONS_PUBKEY, TransactionInstruction } from '@solana/web3.js';
import { encodeEd25519PairData } from '../../core/ed25519-instruction.js';

/** Token and receipt with their signatures, as a node keeps them. */
export interface SignedEvidence {
    /** The key that signed the token: the contract's issuer in force in the epoch. */
    readonly issuerKey: Uint8Array;
    readonly token: Uint8Array;
    readonly tokenSignature: Uint8Array;
    /** The client's key, as the token names it. */
    readonly clientKey: Uint8Array;
    readonly receipt: Uint8Array;
    readonly receiptSignature: Uint8Array;
}

/** What both proofs of evidence need. */
export interface EvidenceProofInput {
    readonly contract: { readonly address: PublicKey };
    readonly commitment: PublicKey;
    /** The seller's node that the token names. */
    readonly node: PublicKey;
    /** LEAF, 112 bytes (`encodeLeaf`). */
    readonly leaf: Uint8Array;
    readonly evidence: SignedEvidence;
}

/** The instruction that must come right before a proof of evidence: the Ed25519 program checks both signatures. */
export function buildSignatureInstruction(evidence: SignedEvidence): TransactionInstruction {
    const data = Buffer.from(encodeEd25519PairData(evidence));
    return new TransactionInstruction({ programId: Ed25519Program.programId, keys: [], data });
}

/** The accounts that both proofs of evidence share. */
export function evidenceAccounts({ contract, commitment, node }: EvidenceProofInput) {
    return { contract: contract.address, commitment, node, instructions: SYSVAR_INSTRUCTIONS_PUBKEY };
}
