import {
    BaseSignerWalletAdapter,
    type TransactionOrVersionedTransaction,
    type WalletName,
    WalletReadyState,
} from '@solana/wallet-adapter-base';
import {
    Keypair,
    type PublicKey,
    SystemProgram,
    Transaction,
    TransactionMessage,
    type TransactionVersion,
    VersionedTransaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fund, type ServedCluster, SOL, serveCluster } from './support.js';

/** A wallet that holds its key itself; all but the signing is wallet-adapter's own code. */
class KeypairWalletAdapter extends BaseSignerWalletAdapter {
    override name = 'Keypair' as WalletName<'Keypair'>;
    override url = 'https://example.invalid';
    override icon = 'data:image/svg+xml;base64,';
    override readyState = WalletReadyState.Installed;
    override connecting = false;
    override supportedTransactionVersions: ReadonlySet<TransactionVersion> = new Set<TransactionVersion>(['legacy', 0]);
    private isOpen = false;

    constructor(private readonly keypair: Keypair) {
        super();
    }

    override get publicKey(): PublicKey | null {
        return this.isOpen ? this.keypair.publicKey : null;
    }

    override async connect(): Promise<void> {
        this.isOpen = true;
    }

    override async disconnect(): Promise<void> {
        this.isOpen = false;
    }

    override async signTransaction<T extends TransactionOrVersionedTransaction<this['supportedTransactionVersions']>>(
        transaction: T,
    ): Promise<T> {
        if (transaction instanceof VersionedTransaction) transaction.sign([this.keypair]);
        else (transaction as Transaction).partialSign(this.keypair);
        return transaction;
    }
}

let served: ServedCluster;
let wallet: KeypairWalletAdapter;

beforeAll(async () => {
    served = await serveCluster();
    const keypair = Keypair.generate();
    wallet = new KeypairWalletAdapter(keypair);
    await wallet.connect();
    await fund(served.cluster, keypair.publicKey, 10 * SOL);
});
afterAll(() => served.close());

const owner = (): PublicKey => wallet.publicKey as PublicKey;

describe("wallet-adapter's sendTransaction against the simulated cluster", () => {
    it('prepares, sends and confirms a legacy transaction with a further signer', async () => {
        const { connection } = served;
        const account = Keypair.generate();
        const create = SystemProgram.createAccount({
            fromPubkey: owner(),
            newAccountPubkey: account.publicKey,
            lamports: await connection.getMinimumBalanceForRentExemption(10),
            space: 10,
            programId: SystemProgram.programId,
        });
        const signature = await wallet.sendTransaction(new Transaction().add(create), connection, {
            signers: [account],
        });
        const latest = await connection.getLatestBlockhash();
        expect((await connection.confirmTransaction({ signature, ...latest })).value.err).toBeNull();
        expect((await connection.getAccountInfo(account.publicKey))?.data).toHaveLength(10);
    });

    it('sends a version 0 transaction', async () => {
        const { connection } = served;
        const to = Keypair.generate().publicKey;
        const { blockhash } = await connection.getLatestBlockhash();
        const message = new TransactionMessage({
            payerKey: owner(),
            recentBlockhash: blockhash,
            instructions: [SystemProgram.transfer({ fromPubkey: owner(), toPubkey: to, lamports: SOL })],
        }).compileToV0Message();
        await wallet.sendTransaction(new VersionedTransaction(message), connection);
        expect(await connection.getBalance(to)).toBe(SOL);
    });

    it('passes the preflight failure on to the page', async () => {
        const to = Keypair.generate().publicKey;
        const transfer = SystemProgram.transfer({ fromPubkey: owner(), toPubkey: to, lamports: 1_000 * SOL });
        const sending = wallet.sendTransaction(new Transaction().add(transfer), served.connection);
        await expect(sending).rejects.toThrow('custom program error: 0x1');
    });
});
