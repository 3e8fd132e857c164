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
    /// The data of the SlotHashes sysvar is cut off or counts more entries than it can hold.
    SlotHashesMalformed,
    /// No slot at or after the target has been produced yet.
    SeedSlotNotReached,
    /// The slot hashes no longer reach back to the target.
    SeedSlotMissed,
    /// The instruction is not of the Ed25519 program.
    Ed25519ProgramWrong,
    /// An Ed25519 instruction takes no accounts.
    Ed25519AccountsNotEmpty,
    /// The Ed25519 instruction has not the exact length of the layout.
    Ed25519LengthWrong,
    /// The Ed25519 instruction verifies another number of signatures.
    Ed25519CountWrong,
    /// The second byte of the Ed25519 instruction is not zero.
    Ed25519PaddingNotZero,
    /// A signature, key or message lies in another instruction.
    Ed25519InstructionIndexWrong,
    /// A signature, key or message lies at another place or has another length.
    Ed25519OffsetWrong,
    /// The token is not signed by the contract's issuer of the epoch.
    IssuerKeyWrong,
    /// The token is for another contract.
    TokenContractWrong,
    /// The token is for another cluster.
    TokenClusterWrong,
    /// The token is for another epoch.
    TokenEpochWrong,
    /// The token is for another node.
    TokenNodeWrong,
    /// The token's flags are not those of the commitment's kind, or the kind has no evidence.
    TokenKindWrong,
    /// The token's times do not fit its epoch.
    TokenTimesWrong,
    /// The token allows more bytes than a token may.
    TokenTooLarge,
    /// The receipt is not signed by the token's client.
    ClientKeyWrong,
    /// The receipt is for another token.
    ReceiptTokenWrong,
    /// The receipt counts more bytes than its token allows.
    ReceiptTooLarge,
    /// The receipt's last byte lies outside the token's time.
    ReceiptTimeWrong,
    /// The leaf is of another token.
    LeafTokenWrong,
    /// The leaf counts other bytes than its receipt.
    LeafBytesWrong,
    /// The leaf counts other objects than its receipt.
    LeafObjectsWrong,
    /// The leaf names another receipt.
    LeafReceiptWrong,
    /// More than [`crate::MAX_SLA_REPORTS`] reports.
    SlaReportsTooMany,
    /// A proposed reward root has fewer members than the active one.
    RewardCountDecreased,
    /// A proposed reward root has a lower total than the active one.
    RewardTotalDecreased,
    /// The two entries are of two places.
    RewardIndexWrong,
    /// The member has as much as before.
    RewardNotDecreased,
    /// The recomputed root of the smaller tree is another one.
    FirstRootMismatch,
    /// No capacity class has this number.
    CapacityClassUnknown,
    /// The class does not allow the node's role.
    ClassRoleForbidden,
    /// A rate is above what the class can carry in that direction.
    ClassRateTooHigh,
    /// A one-way class needs a carousel: receivers cannot ask again.
    CarouselMissing,
    /// The class needs a stated footprint.
    FootprintMissing,
    /// The class needs the consent of who pays by volume.
    MeteredConsentMissing,
    /// A panel of no member, or of more than [`crate::MAX_PANEL_SIZE`].
    PanelSizeOutOfRange,
    /// As many members may lie as there are.
    PanelFaultsOutOfRange,
    /// More reports than members.
    PanelRowsTooMany,
    /// A sub-window of no length.
    PanelWindowZero,
}

impl fmt::Display for CoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl core::error::Error for CoreError {}
