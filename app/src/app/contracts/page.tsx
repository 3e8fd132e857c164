import type { Metadata } from 'next';
import { ContractsTable } from '../../features/contracts/components/contracts-table';

export const metadata: Metadata = { title: 'Contracts' };

export default function ContractsPage() {
    return (
        <>
            <h1 className="sr-only">Contracts</h1>
            <ContractsTable />
        </>
    );
}
