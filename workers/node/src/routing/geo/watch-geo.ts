/** Looks for replaced geo files until it is stopped. A look that takes longer than the interval is not joined by another. */
export function watchGeo(router: { refreshGeo(): Promise<void> }, intervalMs: number): () => void {
    let isLooking = false;
    const timer = setInterval(() => {
        if (isLooking) return;
        isLooking = true;
        void router.refreshGeo().finally(() => {
            isLooking = false;
        });
    }, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
}
