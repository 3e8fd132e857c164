/** What a watcher may spend, and when it loses patience. */
export type Policy = {
    /** Base units that may lie in open challenges at once. */
    maxBonds: bigint;
    /** Base units of bonds that may ever be lost. */
    maxLostBonds: bigint;
    maxLamports: bigint;
    randomChallenges: number;
    patienceSecs: number;
    /** The wallet is the content provider's hot key. */
    freeChallenges: boolean;
};
