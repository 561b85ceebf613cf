import { useEffect, useMemo, useRef } from 'react'
import type { AppPreviewTarget } from '#ipc/app-preview'
import { useApi } from '../../api/api-context.tsx'
import { useKeys } from '../../lib/keyboard/key-map.ts'

interface PreviewKeys {
  readonly onLeave: () => void
  readonly onClose: () => void
}

/** Keys between the page and the window: F6 goes in, and those that were pressed in the page come from main. */
export function usePreviewKeys(target: AppPreviewTarget, on: PreviewKeys): void {
  const { client } = useApi()
  const latest = useRef(on)
  useEffect(() => {
    latest.current = on
  })
  // The target is written in place; its text says whether it is another one.
  const key = JSON.stringify(target)
  useEffect(
    () =>
      client.subscribe(
        'appPreview.watchKeys',
        {},
        {
          next: (pressed) => {
            if (!isSame(pressed.target, JSON.parse(key) as AppPreviewTarget)) return
            if (pressed.key === 'leave') latest.current.onLeave()
            else latest.current.onClose()
          },
          // Without them the bar does the same.
          error: () => undefined,
          done: () => undefined,
        },
      ),
    [client, key],
  )
  useKeys(
    useMemo(() => {
      const place = JSON.parse(key) as AppPreviewTarget
      const run = (): void => {
        // A page that is not there takes no keyboard, and its place says why.
        client.call('appPreview.act', { ...place, action: 'focus' }).catch(() => undefined)
      }
      // Also where a terminal has the focus: the shell has no use for it that is worth more.
      return ['F6', 'Mod+F6'].map((keys) => ({ keys, inTerminal: true, run }))
    }, [client, key]),
  )
}

function isSame(one: AppPreviewTarget, other: AppPreviewTarget): boolean {
  return (
    one.deploymentId === other.deploymentId &&
    one.workspaceId === other.workspaceId &&
    one.agentId === other.agentId &&
    one.slug === other.slug
  )
}
