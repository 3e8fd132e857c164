import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry };

export type LoopMetrics = {
    succeeded(seconds: number): void;
    failed(code: string): void;
    backlog(items: number): void;
};
export type Metrics = { registry: Registry; loop(name: string): LoopMetrics };

/** One registry per service, not the library's global one: two services in one process (tests) must not collide. */
export function createMetrics({
    service,
    processMetrics = true,
}: {
    service: string;
    processMetrics?: boolean;
}): Metrics {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    if (processMetrics) collectDefaultMetrics({ register: registry });
    const registers = [registry];
    const lastSuccess = new Gauge({
        name: 'loop_last_success_timestamp_seconds',
        help: 'Unix time of the last pass that ended without an error',
        labelNames: ['loop'],
        registers,
    });
    const duration = new Histogram({
        name: 'loop_pass_duration_seconds',
        help: 'Duration of successful passes',
        labelNames: ['loop'],
        buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
        registers,
    });
    const failures = new Counter({
        name: 'loop_failures_total',
        help: 'Passes that failed, by error code',
        labelNames: ['loop', 'code'],
        registers,
    });
    const backlog = new Gauge({
        name: 'loop_backlog_items',
        help: 'Items known and not yet done',
        labelNames: ['loop'],
        registers,
    });
    return {
        registry,
        loop: (loop) => ({
            succeeded: (seconds) => {
                lastSuccess.set({ loop }, Date.now() / 1000);
                duration.observe({ loop }, seconds);
            },
            failed: (code) => failures.inc({ loop, code }),
            backlog: (items) => backlog.set({ loop }, items),
        }),
    };
}
