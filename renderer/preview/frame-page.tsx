import { useState } from 'react'
import { AppFrame } from '../app/frame/app-frame.tsx'
import { useCommands } from '../lib/commands/command-store.ts'
import { PlusIcon, TerminalIcon } from '../ui/icons.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { toast } from '../ui/toast-store.ts'
import { SampleDrawer } from './sample-drawer.tsx'
import { railFoot, railItems, railSections, SampleSwitcher, SampleTitleEnd } from './sample-frame.tsx'
import { WorkspaceList } from './sample-list.tsx'
import { sampleRows } from './sample-rows.ts'

const query = new URLSearchParams(location.search)
const rows = sampleRows(Number(query.get('rows') ?? 13))
/** The whole window with a workspace list. */
export function FramePage() {
  const [drawer, setDrawer] = useState(query.has('drawer'))
  useCommands([
    ...rows.map((row) => ({
      id: `workspace.open:${row.name}`,
      title: row.name,
      group: 'Workspaces',
      detail: `${row.template}, ${row.state.toLowerCase()}`,
      icon: <StatusMark status={row.status} hideLabel className="w-4 justify-center" />,
      run: () => toast({ title: `Opened ${row.name}`, tone: 'ok' }),
    })),
    {
      id: 'workspace.new',
      title: 'New workspace',
      group: 'Actions',
      icon: <PlusIcon />,
      keys: 'Mod+N',
      run: () => toast({ title: 'Nothing to create in the preview' }),
    },
    {
      id: 'terminal.toggle',
      title: 'Show or hide the terminals',
      group: 'View',
      icon: <TerminalIcon />,
      keys: 'Ctrl+`',
      keysInTerminal: true,
      run: () => {
        setDrawer(!drawer)
      },
    },
  ])
  return (
    <AppFrame
      pageKey="workspaces"
      onReload={() => {
        location.reload()
      }}
      paletteScope="acme"
      switcher={<SampleSwitcher />}
      titleEnd={<SampleTitleEnd />}
      railItems={railItems}
      railSections={railSections}
      railFoot={railFoot}
      drawer={<SampleDrawer open={drawer} onOpenChange={setDrawer} />}
    >
      <WorkspaceList />
    </AppFrame>
  )
}
