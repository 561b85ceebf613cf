import type { ComponentType, SVGProps } from 'react'
import { classNames } from '../../lib/class-names.ts'
import {
  GitMergeIcon,
  GitPullRequestClosedIcon,
  GitPullRequestDraftIcon,
  GitPullRequestIcon,
} from '../../ui/icons.tsx'
import type { PullRequestState } from './pull-request.ts'

const shapes: Readonly<Record<PullRequestState, ComponentType<SVGProps<SVGSVGElement>>>> = {
  draft: GitPullRequestDraftIcon,
  open: GitPullRequestIcon,
  merged: GitMergeIcon,
  closed: GitPullRequestClosedIcon,
}

const colours: Readonly<Record<PullRequestState, string>> = {
  draft: 'text-fg-3',
  open: 'text-ok',
  merged: 'text-gone',
  closed: 'text-bad',
}

export interface PullRequestMarkProps {
  readonly state: PullRequestState
  /** Read to screen readers, where no words beside it say it. */
  readonly label?: string | undefined
  readonly className?: string | undefined
}

/** Where a pull request stands, each state with a shape of its own. */
export function PullRequestMark({ state, label, className }: PullRequestMarkProps) {
  const Shape = shapes[state]
  return (
    <span className={classNames('flex-none', className)}>
      <Shape
        aria-hidden="true"
        data-pull-request={state}
        className={classNames('size-3.5', colours[state])}
      />
      {label === undefined ? null : <span className="sr-only">{label}</span>}
    </span>
  )
}
