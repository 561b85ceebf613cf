import { Fragment, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useKept } from '../../../lib/kept-state.ts'
import { classNames } from '../../../lib/class-names.ts'
import { SearchIcon } from '../../../ui/icons.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { TopLayer } from '../../../ui/top-layer.tsx'
import {
  recentCommands,
  runCommand,
  setPaletteOpen,
  useCommandSources,
  usePaletteOpen,
  type Command,
} from '../../../lib/commands/command-store.ts'
import { paletteResults, type PaletteHit } from './palette-results.ts'

/** Search and commands in one field. Mount once; `setPaletteOpen(true)` or Ctrl/Cmd+K shows it. */
export function CommandPalette({
  scope,
}: {
  /** Where it searches: the deployment. */ readonly scope?: string | undefined
}) {
  const open = usePaletteOpen((state) => state.open)
  return (
    <TopLayer open={open} onOpenChange={setPaletteOpen} label="Search or run a command">
      <PaletteBody scope={scope} />
    </TopLayer>
  )
}

/** Mounted while open, so that it starts empty each time. */
function PaletteBody({ scope }: { readonly scope: string | undefined }) {
  const sources = useCommandSources((state) => state.sources)
  const recent = useKept(recentCommands)
  const [query, setQuery] = useState('')
  const [position, setPosition] = useState(0)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)

  const groups = paletteResults([...sources.values()].flat(), query, recent)
  const hits = groups.flatMap((group) => group.hits)
  const active = hits[Math.min(position, hits.length - 1)]

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [position])

  const run = (command: Command) => {
    setPaletteOpen(false)
    runCommand(command)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && hits.length > 0) {
      event.preventDefault()
      setPosition((Math.min(position, hits.length - 1) + step + hits.length) % hits.length)
    } else if (event.key === 'Enter' && active && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(active.command)
    }
  }

  return (
    <>
      <div className="flex h-11 flex-none items-center gap-2.5 border-b border-line px-3.5">
        <SearchIcon className="text-fg-2" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active ? `${listId}-${hits.indexOf(active)}` : undefined}
          aria-label="Search or run a command"
          placeholder="Search or run a command"
          spellCheck={false}
          value={query}
          className="h-full min-w-0 flex-1 bg-transparent outline-none"
          onChange={(event) => {
            setQuery(event.target.value)
            setPosition(0)
          }}
          onKeyDown={onKeyDown}
        />
        {scope ? <span className="text-sm text-fg-3">{scope}</span> : null}
        <Kbd keys="Escape" />
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label="Results"
        className="min-h-0 flex-1 overflow-auto p-1"
      >
        {groups.map((group) => (
          <Fragment key={group.title}>
            <div role="presentation" className="flex h-6 items-center px-2 text-sm text-fg-3">
              {group.title}
            </div>
            {group.hits.map((hit) => (
              <PaletteLine
                key={hit.command.id}
                id={`${listId}-${hits.indexOf(hit)}`}
                hit={hit}
                isActive={hit === active}
                onPoint={() => {
                  setPosition(hits.indexOf(hit))
                }}
                onRun={() => {
                  run(hit.command)
                }}
              />
            ))}
          </Fragment>
        ))}
        {hits.length === 0 ? (
          <p role="status" className="px-2 py-6 text-center text-fg-3">
            Nothing is called “{query.trim()}” here.
          </p>
        ) : null}
      </div>
    </>
  )
}

interface PaletteLineProps {
  readonly id: string
  readonly hit: PaletteHit
  readonly isActive: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}

function PaletteLine({ id, hit, isActive, onPoint, onRun }: PaletteLineProps) {
  const { command } = hit
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={classNames(
        'flex h-7 items-center gap-2.5 rounded-md px-2 [&>.lucide]:text-fg-3',
        isActive && 'bg-selected',
      )}
      onPointerMove={isActive ? undefined : onPoint}
      onClick={onRun}
    >
      {command.icon ?? <span className="size-4 flex-none" />}
      <span className="cut flex-none">
        <MarkedTitle title={command.title} ranges={hit.ranges} />
      </span>
      {command.detail ? <span className="cut text-sm text-fg-3">{command.detail}</span> : null}
      {command.keys ? <Kbd keys={command.keys} className="ml-auto" /> : null}
    </div>
  )
}

/** The title with the matched letters stronger and in the accent. */
function MarkedTitle({ title, ranges }: { readonly title: string; readonly ranges: PaletteHit['ranges'] }) {
  const parts: { readonly text: string; readonly isMatch: boolean }[] = []
  let from = 0
  for (const [start, end] of ranges) {
    parts.push(
      { text: title.slice(from, start), isMatch: false },
      { text: title.slice(start, end), isMatch: true },
    )
    from = end
  }
  parts.push({ text: title.slice(from), isMatch: false })
  return parts.map((part, index) =>
    part.isMatch ? (
      <span key={index} className="font-semibold text-accent-fg">
        {part.text}
      </span>
    ) : (
      <Fragment key={index}>{part.text}</Fragment>
    ),
  )
}
