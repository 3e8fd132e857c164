/** One line a step on standard error: standard output belongs to the result. */
export type Progress = {
    step(text: string, signature?: string): void;
    note(text: string): void;
    /** Overwrites itself on a terminal; silent elsewhere. */
    live(text: string): void;
};

export function createProgress(startedAtMs: number): Progress {
    const isTerminal = process.stderr.isTTY === true;
    const clear = isTerminal ? '\r\u001b[2K' : '';
    const write = (mark: string, text: string) => {
        const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6);
        process.stderr.write(`${clear}${seconds} s ${mark} ${text}\n`);
    };
    return {
        step: (text, signature) => write('✓', signature ? `${text}  [tx ${signature.slice(0, 16)}…]` : text),
        note: (text) => write('·', text),
        live: (text) => {
            if (isTerminal) process.stderr.write(`${clear}         … ${text}`);
        },
    };
}
