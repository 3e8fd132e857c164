/** How the evidence of a tree's first session is wrong, or as far off as it may be. */
export const FLAWS = [
    'otherContract',
    'otherCluster',
    'otherEpoch',
    'otherNode',
    'otherKind',
    'endsLate',
    'lastsLong',
    'noTime',
    'tokenTooLarge',
    'aboveToken',
    'receiptEarly',
    'receiptLate',
    'otherBytes',
    'otherObjects',
    'otherReceipt',
    'otherToken',
    'notIssuer',
    'notClient',
] as const;
export type Flaw = (typeof FLAWS)[number] | 'none' | 'edge' | 'longest';
