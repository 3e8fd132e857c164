use core::fmt;

/// One value per violated rule. Programs map each to an error of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoreError {
    /// A result does not fit its type; the inputs are outside what the protocol can carry.
    Overflow,
    /// Basis points above 10 000.
    BasisPointsOutOfRange,
    /// No split, or more than [`crate::MAX_SPLITS`].
    SplitCountOutOfRange,
    /// Splits do not add up to exactly 10 000 basis points.
    SplitsSumWrong,
    /// A tier with a penalty names no known metric.
    SlaMetricUnknown,
    /// A share of parts per million above one million.
    PartsPerMillionOutOfRange,
    /// The bytes are not one canonical footprint.
    FootprintNotCanonical,
    /// The input has not the exact length of the message.
    LengthWrong,
    /// The first 16 bytes are not the domain of the message.
    DomainWrong,
    /// Reserved bytes or flag bits are not zero.
    ReservedNotZero,
    /// A leaf of zero bytes can cover no target (protocol 6.5 iv).
    LeafEmpty,
    /// Tree depth outside 1..=20.
    DepthOutOfRange,
    /// The path has not exactly `depth` siblings.
    PathLengthWrong,
    /// A bucket of zero or more than 8 entries.
    BucketSizeOutOfRange,
    /// Bucket entries are not strictly ascending by key: one key could count twice.
    BucketOrderWrong,
    /// A bucket entry belongs into another bucket.
    BucketPrefixWrong,
    /// The leaf's key is not in its bucket.
    LeafNotInBucket,
    /// The bucket entry of the leaf's key has another hash or other bytes.
    LeafMismatch,
    /// A sum on the path passes 64 bits.
    SumOverflow,
    /// The recomputed root is another one.
    RootMismatch,
    /// The recomputed sum is not the committed total: somewhere a sum was inflated.
    TotalMismatch,
    /// The leaf does not cover the target.
    TargetNotCovered,
    /// A target cannot be drawn from zero bytes.
    TotalZero,
    /// The index is not below the size of the tree.
    IndexOutOfRange,
    /// The history holds its maximum of entries.
    HistoryFull,
}

impl fmt::Display for CoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl core::error::Error for CoreError {}
