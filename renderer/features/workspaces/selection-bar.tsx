import type { Workspace } from '#bridge/contract/workspaces'
import { Button } from '../../ui/button.tsx'
import { PlayIcon, SquareIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { splitByAction } from './workspace-menu.tsx'

export interface SelectionBarProps {
  readonly selected: readonly Workspace[]
  readonly onStart: (workspaces: readonly Workspace[]) => void
  readonly onStop: (workspaces: readonly Workspace[]) => void
  readonly onDelete: (workspaces: readonly Workspace[]) => void
  readonly onClear: () => void
}

/** Floats over the list while rows are selected: how many, and what each action applies to. */
export function SelectionBar({ selected, onStart, onStop, onDelete, onClear }: SelectionBarProps) {
  const { starts, stops, deletes } = splitByAction(selected)
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center">
      <div
        role="toolbar"
        aria-label="Selection"
        className="pointer-events-auto flex h-10 items-center gap-1 rounded-lg bg-float px-2 shadow-float"
      >
        <span role="status" className="num px-2 font-medium">
          {selected.length} selected
        </span>
        <Button
          variant="ghost"
          icon={<PlayIcon />}
          disabled={starts.length === 0}
          onClick={() => onStart(starts)}
        >
          {counted('Start', starts.length)}
        </Button>
        <Button
          variant="ghost"
          icon={<SquareIcon />}
          disabled={stops.length === 0}
          onClick={() => onStop(stops)}
        >
          {counted('Stop', stops.length)}
        </Button>
        <Button
          variant="danger-ghost"
          icon={<Trash2Icon />}
          disabled={deletes.length === 0}
          onClick={() => onDelete(deletes)}
        >
          Delete…
        </Button>
        <span className="mx-1 h-5 w-px bg-line-strong" />
        <Button variant="ghost" onClick={onClear} trailing={<Kbd keys="Escape" />}>
          Clear
        </Button>
      </div>
    </div>
  )
}

/** `Start 2`; without the number where there is nothing to count. */
function counted(action: string, count: number): string {
  return count === 0 ? action : `${action} ${count}`
}
