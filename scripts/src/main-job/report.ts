/** The result of the main job, read from chain and logs. Amounts are base units of the contract's mint. */
export type MainJobReport = {
    /** Contracts and nodes on the chain. */
    contracts: number;
    nodes: number;
    /** Entity bytes in the nodes' log files for this run's contract. */
    bytesDelivered: number;
    /** Bytes under this contract's settled commitments. */
    bytesCommitted: number;
    gross: string;
    /** What reached each payee's token account in this run, by role. */
    payouts: Record<string, string>;
    /** What the contract's vault still holds. */
    escrowLeft: string;
    /** Deposits equal payouts plus what the vault holds, and gross equals payouts plus penalties. */
    conserved: boolean;
    /** A log record was proved up to the root on chain. */
    proofVerified: boolean;
    seconds: number;
};
