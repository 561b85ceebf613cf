import { classNames } from '../lib/class-names.ts'

export interface AvatarProps {
  readonly name: string
  readonly size?: 'sm' | 'md' | undefined
  readonly className?: string | undefined
}

/** A person by the first two letters. Pictures would be remote images, which the app does not load. */
export function Avatar({ name, size = 'md', className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        'grid flex-none place-items-center rounded-full bg-accent-soft font-semibold text-accent-fg hc-edge',
        size === 'md' ? 'size-6 text-[11px]' : 'size-5 text-[10px]',
        className,
      )}
    >
      {initials(name)}
    </span>
  )
}

/** Two letters of a name: the first of two words, or the first two of one. */
export function initials(name: string): string {
  const [first = [], second] = name
    .trim()
    .split(/[\s._-]+/)
    .map((word) => Array.from(word))
  return (second?.[0] ? [first[0], second[0]] : first.slice(0, 2)).join('')
}
