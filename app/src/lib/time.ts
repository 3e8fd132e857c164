/** Times are shown in UTC with the zone spelt out: logs, epochs and commitments are in UTC too. */
export function formatTime(ms: number): string {
    const iso = new Date(ms).toISOString();
    return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export function formatTimeOfDay(ms: number): string {
    return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

export function formatDuration(totalSecs: number): string {
    const secs = Math.max(0, Math.floor(totalSecs));
    const parts: [number, string][] = [
        [Math.floor(secs / 86_400), 'd'],
        [Math.floor(secs / 3600) % 24, 'h'],
        [Math.floor(secs / 60) % 60, 'min'],
        [secs % 60, 's'],
    ];
    const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
    return shown.length === 0 ? '0 s' : shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}
