import type { ButtonHTMLAttributes } from 'react';
import { classNames } from './class-names';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
    readonly look?: 'primary' | 'plain' | 'quiet';
    readonly size?: 'normal' | 'small';
}

const LOOKS = {
    primary: 'bg-accent text-accent-text border-accent hover:opacity-90',
    plain: 'bg-surface text-text border-line-strong/60 hover:bg-sunken',
    quiet: 'bg-transparent text-muted border-transparent hover:bg-sunken hover:text-text',
};

export function Button({ look = 'plain', size = 'normal', className, type = 'button', ...rest }: ButtonProps) {
    return (
        <button
            type={type}
            className={classNames(
                'inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-md border font-medium motion-safe:transition-colors disabled:opacity-60',
                size === 'small' ? 'h-8 px-2.5 text-sm' : 'h-10 px-4',
                LOOKS[look],
                className,
            )}
            {...rest}
        />
    );
}
