/** What the figures of a report do not prove (protocol 7); part of every report, in every format. */
export const NOT_PROVED: readonly string[] = [
    'Proved delivery means that a key admitted by the content provider’s issuer acknowledged the bytes. It is not proof of a human viewer. Collusion of a node with clients that hold genuine tokens is limited by admission policy, caps and the content provider’s own money.',
    'On chain are commitments and totals. Raw records stay off chain and are erasable. What viewers without keys were sent is paid only on co-signature.',
    'A footprint is what the operator claims for a node, not where the viewers of these bytes were: receipts carry no address.',
    'Verified capacity, where a contract asks for it, is what a random panel received at once, assuming that no more than the allowed number collude. It is not future performance and not exclusivity.',
    'Trust remains in the content provider’s issuer, in auditors for the medians of service levels (at least two thirds), in the finality of Solana and in the board’s time-locked power to upgrade.',
];

/** How figures were attributed, where more than one way was open. */
export const NOTES: readonly string[] = [
    'Bytes of a session count in the local hour of its last byte: a receipt tells how much arrived in all and when the last byte did.',
    'Bytes of a node whose claims cover several footprints are told under all of them together.',
    'Quality is what viewers signed in the last receipt copies that this content provider holds. Viewing time begins when the token was issued; where an epoch had just begun it counts from there, up to 60 s early, which lowers the stall share.',
    'Client groups are random numbers of at most a day; they name nobody.',
    '“Not known” stands where there is no source for a figure; it never means 0.',
];
