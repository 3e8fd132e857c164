import { address as addressSchema } from '@ocm/sdk/http';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ContractOverview } from '../../../features/contracts/components/contract-overview';

export const metadata: Metadata = { title: 'Contract' };

export default async function ContractPage({ params }: { params: Promise<{ address: string }> }) {
    const { address } = await params;
    if (!addressSchema.safeParse(address).success) notFound();
    return (
        <>
            <h1 className="sr-only">Contract {address}</h1>
            <ContractOverview address={address} />
        </>
    );
}
