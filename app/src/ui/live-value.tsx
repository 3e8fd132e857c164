'use client';

import { useEffect, useRef, useState } from 'react';

/** Flashes once when its text changes; holds its place. */
export function LiveValue({ children, title }: { children: string; title?: string | undefined }) {
    const previous = useRef(children);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
        if (previous.current === children) return;
        previous.current = children;
        setTurn((count) => count + 1);
    }, [children]);
    return (
        <span key={turn} title={title} className={turn > 0 ? 'flash' : undefined}>
            {children}
        </span>
    );
}
