import { useEffect, useMemo, useRef, useState } from 'react'
import { displayName } from '#bridge/contract/remote-names'
import { useKeys } from '../../lib/keyboard/key-map.ts'
import { Input } from '../../ui/input.tsx'
import { ChevronRightIcon, HardDriveIcon, PencilIcon } from '../../ui/icons.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { sentenceOf } from './use-file-actions.ts'

export interface PathBarProps {
  readonly path: string
  /** Rejects with what is wrong with it. */
  readonly onGo: (path: string) => Promise<void>
}

/** The way to the shown folder, part by part; or a field to type another one. */
export function PathBar({ path, onGo }: PathBarProps) {
  const [isTyping, setTyping] = useState(false)
  const parts = path.split('/').filter(Boolean)
  const list = useRef<HTMLOListElement>(null)
  useKeys(useMemo(() => [{ keys: 'Mod+L', run: () => setTyping(true) }], []))
  // The end matters most: a long way is cut at its beginning.
  useEffect(() => {
    list.current?.scrollTo({ left: list.current.scrollWidth })
  }, [path, isTyping])
  if (isTyping) return <PathField path={path} onGo={onGo} onClose={() => setTyping(false)} />
  return (
    <nav
      aria-label="Folder"
      className="group/path flex min-w-0 flex-1 items-center"
      onDoubleClick={() => setTyping(true)}
    >
      <ol ref={list} className="flex min-w-0 items-center overflow-x-auto [scrollbar-width:none]">
        <li className="flex-none">
          <button
            type="button"
            aria-label="Root folder"
            className="grid size-6 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg focus-visible:-outline-offset-2"
            onClick={() => void onGo('/').catch(() => undefined)}
          >
            <HardDriveIcon className="size-3.5" />
          </button>
        </li>
        {parts.map((part, index) => {
          const target = `/${parts.slice(0, index + 1).join('/')}`
          return (
            <li key={target} className="flex flex-none items-center">
              <ChevronRightIcon className="size-3 text-fg-3" />
              <button
                type="button"
                aria-current={index === parts.length - 1 ? 'location' : undefined}
                className="max-w-48 cut rounded-sm px-1 py-0.5 text-fg-2 hover:bg-hover hover:text-fg focus-visible:-outline-offset-2 aria-[current]:font-medium aria-[current]:text-fg"
                onClick={() => void onGo(target).catch(() => undefined)}
              >
                {displayName(part)}
              </button>
            </li>
          )
        })}
      </ol>
      <IconButton
        size="sm"
        label="Type a path"
        keys="Mod+L"
        icon={<PencilIcon />}
        onClick={() => setTyping(true)}
      />
    </nav>
  )
}

function PathField({ path, onGo, onClose }: PathBarProps & { readonly onClose: () => void }) {
  const [text, setText] = useState(path)
  const [problem, setProblem] = useState<string>()
  const go = async (): Promise<void> => {
    try {
      await onGo(text.trim())
      onClose()
    } catch (error) {
      setProblem(sentenceOf(error))
    }
  }
  return (
    <form
      className="relative min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim().startsWith('/')) void go()
        else setProblem('A path begins with “/”.')
      }}
    >
      <Input
        autoFocus
        size="md"
        mono
        aria-label="Path"
        aria-describedby={problem === undefined ? undefined : 'path-problem'}
        invalid={problem !== undefined}
        spellCheck={false}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setText(event.target.value)
          setProblem(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
        }}
      />
      {problem === undefined ? null : (
        <p
          id="path-problem"
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 max-w-full rounded-md bg-float px-2 py-1 text-sm text-bad-fg shadow-float"
        >
          {problem}
        </p>
      )}
    </form>
  )
}
