'use client';

import { useTheme } from 'next-themes';
import { useEffect, useState } from 'react';
import { Button } from '../../../ui/button';
import { MoonIcon, ScreenIcon, SunIcon } from '../../../ui/icons';

const THEMES = [
    { name: 'system', Icon: ScreenIcon },
    { name: 'light', Icon: SunIcon },
    { name: 'dark', Icon: MoonIcon },
] as const;

export function ThemeToggle() {
    const { theme, setTheme } = useTheme();
    const [mounted, setMounted] = useState(false);
    // The stored choice is known only in the browser; the server's markup shows the default.
    useEffect(() => setMounted(true), []);
    const index = mounted
        ? Math.max(
              0,
              THEMES.findIndex(({ name }) => name === theme),
          )
        : 0;
    const current = THEMES[index] ?? THEMES[0];
    const next = THEMES[(index + 1) % THEMES.length] ?? THEMES[0];
    return (
        <Button
            look="plain"
            size="small"
            aria-label={`Theme: ${current.name}. Switch to ${next.name}.`}
            title={`Theme: ${current.name}`}
            onClick={() => setTheme(next.name)}
            className="w-8 px-0"
        >
            <current.Icon />
        </Button>
    );
}
