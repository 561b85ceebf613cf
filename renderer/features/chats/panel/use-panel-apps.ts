import type { RefObject } from 'react'
import { useChange } from '../../../api/use-call.ts'
import type { PanelApps, PanelContext } from './panel-slots.ts'
import { usePanelView, withApp, withoutApp } from './panel-state.ts'

/** Opens and closes the tabs of apps; a page ends with its tab. */
export function usePanelApps(
  { deployment, chat }: PanelContext,
  panel: RefObject<HTMLElement | null>,
): PanelApps {
  const [view, change] = usePanelView(chat.id)
  const end = useChange('appPreview.close')
  return {
    show: (app) => change(withApp(view, app)),
    close(app) {
      change(withoutApp(view, app))
      if (chat.workspace_id !== undefined)
        end.mutate({ deploymentId: deployment.id, workspaceId: chat.workspace_id, slug: app.slug })
      // What had the focus is gone: the tab that shows now is where one goes on.
      requestAnimationFrame(() =>
        panel.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
      )
    },
  }
}
