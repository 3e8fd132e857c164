// Loaded before a worker's own code: its wall clock is that of the campaign's chain, and in some lives wrong by some time.
const shiftMs = Number(process.env.OCM_CAMPAIGN_CLOCK_MS ?? 0);
const TrueDate = Date;

class ShiftedDate extends TrueDate {
    constructor(...values) {
        if (values.length === 0) super(TrueDate.now() + shiftMs);
        else super(...values);
    }
    static now() {
        return TrueDate.now() + shiftMs;
    }
}
globalThis.Date = ShiftedDate;
