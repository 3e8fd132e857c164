import { createPrivateKey, sign } from 'node:crypto';
import { type Keypair, SystemProgram } from '@solana/web3.js';
import type { HeliusClient } from 'helius-sdk';

type SmartTransactionInput = Parameters<HeliusClient['tx']['createSmartTransaction']>[0];
type KitSigner = SmartTransactionInput['signers'][number];
type KitInstruction = SmartTransactionInput['instructions'][number];

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A web3.js key pair as kit's partial signer, the shape helius-sdk takes; kit itself is no dependency of the tests. */
export function createKitSigner(keypair: Keypair): KitSigner {
    const address = keypair.publicKey.toBase58();
    const seed = keypair.secretKey.subarray(0, 32);
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
    const signer = {
        address,
        signTransactions: async (transactions: readonly { messageBytes: Uint8Array }[]) =>
            transactions.map(({ messageBytes }) => ({ [address]: new Uint8Array(sign(null, messageBytes, key)) })),
    };
    return signer as unknown as KitSigner;
}

const WRITABLE = 1;
const WRITABLE_SIGNER = 3;

export function transferInstruction(from: string, to: string, lamports: bigint): KitInstruction {
    const data = Buffer.alloc(12);
    data.writeUInt32LE(2, 0);
    data.writeBigUInt64LE(lamports, 4);
    const instruction = {
        programAddress: SystemProgram.programId.toBase58(),
        accounts: [
            { address: from, role: WRITABLE_SIGNER },
            { address: to, role: WRITABLE },
        ],
        data: new Uint8Array(data),
    };
    return instruction as unknown as KitInstruction;
}
