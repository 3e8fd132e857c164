'use client';

import Link from 'next/link';
import { Card } from '../../../ui/card';
import { BytesPanel } from '../../contracts/components/bytes-panel';
import { ContractTerms } from '../../contracts/components/contract-terms';
import { NoContract } from '../../contracts/components/contracts-table';
import { EpochsTable } from '../../contracts/components/epochs-table';
import { EscrowPanel } from '../../contracts/components/escrow-panel';
import { PayeesTable } from '../../contracts/components/payees-table';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { RouteQuestion } from '../../stream/components/route-question';
import { StreamPanel } from '../../stream/components/stream-panel';
import { TransactionsTable } from '../../transactions/components/transactions-table';
import { NodeMap } from './node-map';
import { NodesTable } from './nodes-table';
import { Summary } from './summary';

const WIDE = 'min-w-0 xl:col-span-12';

/** From the nodes to the money: one stretch after the other, in the order in which bytes and payments go. */
export function Explore() {
    const { contracts, transactions } = useSnapshot();
    const newest = contracts[0];
    return (
        <div className="space-y-6">
            <h1 className="sr-only">Explore the market</h1>
            <Summary />
            <div className="grid grid-cols-1 gap-6 xl:grid-cols-12">
                <div className="min-w-0 space-y-6 xl:col-span-7">
                    <NodeMap />
                    <RouteQuestion />
                </div>
                <div className="min-w-0 xl:col-span-5">
                    <StreamPanel />
                </div>
                <div className={WIDE}>
                    <NodesTable />
                </div>
                {newest ? (
                    <>
                        <div className={WIDE}>
                            <ContractTerms contract={newest} />
                            {contracts.length > 1 ? (
                                <p className="mt-2 text-sm">
                                    The newest of {contracts.length} contracts.{' '}
                                    <Link href="/contracts" className="text-accent underline underline-offset-2">
                                        See all
                                    </Link>
                                </p>
                            ) : null}
                        </div>
                        <div className="min-w-0 xl:col-span-6">
                            <BytesPanel contract={newest} />
                        </div>
                        <div className="min-w-0 xl:col-span-6">
                            <EscrowPanel contract={newest} />
                        </div>
                        <div className={WIDE}>
                            <EpochsTable contract={newest} />
                        </div>
                        <div className={WIDE}>
                            <PayeesTable contract={newest} />
                        </div>
                    </>
                ) : (
                    <div className={WIDE}>
                        <Card id="contract" title="Contract">
                            <NoContract />
                        </Card>
                    </div>
                )}
                <div className={WIDE}>
                    <TransactionsTable transactions={transactions} />
                </div>
            </div>
        </div>
    );
}
