'use client';

import { EmptyState } from '../../../ui/card';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { TransactionsTable } from '../../transactions/components/transactions-table';
import { BytesPanel } from './bytes-panel';
import { ContractTerms } from './contract-terms';
import { EpochsTable } from './epochs-table';
import { EscrowPanel } from './escrow-panel';
import { PayeesTable } from './payees-table';

/** Everything about one contract; it follows the chain while it stays open. */
export function ContractOverview({ address }: { address: string }) {
    const { contracts, transactions } = useSnapshot();
    const contract = contracts.find((candidate) => candidate.address === address);
    if (!contract) {
        return (
            <EmptyState title="No such contract on this cluster">
                It may be closed, or on another cluster than the one named above. Contracts that stand are listed under
                Contracts.
            </EmptyState>
        );
    }
    return (
        <div className="grid grid-cols-1 gap-6 xl:grid-cols-2">
            <div className="min-w-0 xl:col-span-2">
                <ContractTerms contract={contract} />
            </div>
            <BytesPanel contract={contract} />
            <EscrowPanel contract={contract} />
            <div className="min-w-0 xl:col-span-2">
                <EpochsTable contract={contract} />
            </div>
            <div className="min-w-0 xl:col-span-2">
                <PayeesTable contract={contract} />
            </div>
            <div className="min-w-0 xl:col-span-2">
                <TransactionsTable
                    transactions={transactions.filter(({ contracts: named }) => named.includes(contract.address))}
                />
            </div>
        </div>
    );
}
