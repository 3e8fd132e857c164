type Media = EventTarget & { readonly seeking?: boolean };

/**
 * Tells how long media elements below `root` stood still after they had started. Waiting before the first picture is
 * start-up, and waiting for a place that the viewer sought is no stall either.
 * @returns stops watching.
 */
export function watchStalls(root: EventTarget, onStall: (durationMs: number) => void, now = () => Date.now()) {
    const started = new WeakSet<EventTarget>();
    const stalledAtMs = new WeakMap<EventTarget, number>();
    const listeners: Record<string, (media: Media) => void> = {
        waiting: (media) => {
            if (started.has(media) && media.seeking !== true && !stalledAtMs.has(media)) stalledAtMs.set(media, now());
        },
        playing: (media) => {
            const sinceMs = stalledAtMs.get(media);
            stalledAtMs.delete(media);
            started.add(media);
            if (sinceMs !== undefined && now() > sinceMs) onStall(now() - sinceMs);
        },
        seeking: (media) => void stalledAtMs.delete(media),
        emptied: (media) => {
            stalledAtMs.delete(media);
            started.delete(media);
        },
    };
    const handle = (event: Event) => {
        if (event.target !== null) listeners[event.type]?.(event.target as Media);
    };
    // Media events do not bubble; they can be caught on their way down.
    for (const type of Object.keys(listeners)) root.addEventListener(type, handle, { capture: true });
    return () => {
        for (const type of Object.keys(listeners)) root.removeEventListener(type, handle, { capture: true });
    };
}
