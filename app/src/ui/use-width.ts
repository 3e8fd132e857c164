'use client';

import { type RefObject, useEffect, useState } from 'react';

/** Width of an element in CSS pixels; `initial` until it is measured in the browser. */
export function useWidth(element: RefObject<Element | null>, initial: number): number {
    const [width, setWidth] = useState(initial);
    useEffect(() => {
        if (!element.current) return;
        const observer = new ResizeObserver(([entry]) => {
            if (entry && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
        });
        observer.observe(element.current);
        return () => observer.disconnect();
    }, [element]);
    return width;
}
