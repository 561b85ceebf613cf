import type { ReactElement } from 'react'
import { Menu } from '../../ui/menu.tsx'
import { useEditorItems, type EditorPlace } from './use-open-in-editor.ts'

export interface OpenInMenuProps extends EditorPlace {
  readonly trigger: ReactElement
}

/** Opens the shown folder in an editor of the user's own. Main asks before it starts one. */
export function OpenInMenu({ trigger, ...place }: OpenInMenuProps) {
  const itemsFor = useEditorItems()
  return (
    <Menu
      align="end"
      trigger={trigger}
      items={[{ kind: 'heading', label: 'Open this folder in' }, ...itemsFor(place)]}
    />
  )
}
